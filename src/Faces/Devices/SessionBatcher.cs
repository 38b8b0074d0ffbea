using System.Diagnostics;
using System.Runtime.ExceptionServices;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;

namespace FaceFusion.Batch.Faces.Devices;

/// <summary>
/// Collects single runs of many threads to batches of one fixed size for a session that they share. A batch that is not full runs with
/// whatever lies in its other rows: every run has the same shape, so a row's values depend on nothing but that row. The first thread of a
/// round waits until the round is full, everybody is in it, or the wait is over, then runs it for all. A round that is not full waits for an
/// idle device, and stays open meanwhile, so under load rounds fill by themselves; a full one queues up behind the one that runs.
/// <para>
/// Kernels may split their sums by the place in a batch, which gives the same inputs other last bits in another row. So a hash of the inputs
/// says in which class of rows, those that were seen to give the same bits, they belong, and values are a function of the inputs; who finds
/// no row of the class free waits for the next round.
/// </para>
/// </summary>
internal sealed partial class SessionBatcher : IDisposable
{
    /// <summary>How long a run waits for company.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// Rounds beyond those that run and the one that fills: where all cores are busy, the last thread of a round wakes, and takes its row,
    /// a third of a run's time after the run. With one round less for each of these, threads waited 25 ms for a round to join.
    /// </summary>
    private const int RoundsBeingRead = 3;

    /// <summary>Part of a run's time that an idle device waits for a round to be full.</summary>
    private const double Patience = 0.5;

    private readonly Lock _count = new();
    private readonly object _gate = new();
    private readonly IReadOnlyList<int>? _classes;
    private readonly Func<int, BoundSession> _bind;
    private readonly Action<BoundSession> _run;
    private readonly TimeSpan _wait;
    private readonly int _atOnce;
    private readonly Stack<Round> _spare = [];
    private readonly long[] _rounds;
    private Round? _open;
    private int _callers;
    private int _blocked;
    private int _running;
    private long _idleSince;
    private double _runTime;

    /// <param name="size">Rows of a batch, at least 2.</param>
    /// <param name="atOnce">Rounds that may be on the device at a time; one more is filled meanwhile, and some are read.</param>
    /// <param name="bind">Makes the buffers of a batch of so many rows.</param>
    /// <param name="run">Runs a batch; null: as it is.</param>
    /// <param name="wait">How long a run waits for company; null: <see cref="Wait"/>.</param>
    /// <param name="classes">Of each row of a batch of this size; rows of one class give the same bits. Null: each is a class of its own.</param>
    public SessionBatcher(
        int size,
        int atOnce,
        Func<int, BoundSession> bind,
        Action<BoundSession>? run = null,
        TimeSpan? wait = null,
        IReadOnlyList<int>? classes = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        Size = size;
        _bind = bind;
        _run = run ?? (static batch => batch.RunRows());
        _wait = wait ?? Wait;
        _atOnce = atOnce;
        _classes = classes;
        _rounds = new long[size + 1];
        for (int i = 0; i <= atOnce + RoundsBeingRead; i++)
        {
            _spare.Push(new Round(bind(size)));
        }
    }

    /// <summary>Rows of a batch; halved when the device's memory does not suffice.</summary>
    public int Size { get; private set; }

    /// <summary>How many batches ran with so many rows in use; by rows, from 0 on.</summary>
    public IReadOnlyList<long> Rounds
    {
        get
        {
            lock (_count)
            {
                return [.. _rounds];
            }
        }
    }

    /// <summary>Another thread will run here: a round in which all are need not wait.</summary>
    public void Enter() => Interlocked.Increment(ref _callers);

    public void Leave() => Interlocked.Decrement(ref _callers);

    /// <summary>Runs the inputs of <paramref name="one"/> as a row of a batch, and gives it the outputs.</summary>
    /// <exception cref="ModelException">As of <see cref="BoundSession.Run"/>.</exception>
    public void Run(BoundSession one)
    {
        Round round = Join(one.HashInputs(), out int row, out bool leads);
        try
        {
            round.Batch.SetRow(row, one);
        }
        finally
        {
            Interlocked.Increment(ref round.Filled);
        }

        if (leads)
        {
            Lead(round);
        }
        else
        {
            round.Done.Wait();
        }

        ModelException? failure = round.Failure;
        if (failure is null)
        {
            round.Batch.GetRow(row, one);
        }

        if (Interlocked.Increment(ref round.Read) == round.Taken)
        {
            Recycle(round);
        }

        if (failure is not null)
        {
            throw leads ? failure : new ModelException(failure.Code, failure.Message, failure.IsTransient, failure);
        }
    }

    public void Dispose()
    {
        foreach (Round round in _spare)
        {
            round.Dispose();
        }
    }

    private Round Join(ulong hash, out int row, out bool leads)
    {
        lock (_gate)
        {
            Round round = Open();
            while (!round.TryTake(hash, _classes, out row))
            {
                _blocked++;
                Fill(round);
                Monitor.Wait(_gate);
                _blocked--;
                round = Open();
            }

            leads = round.Taken == 1;
            Fill(round);
            return round;
        }
    }

    /// <summary>The open round, or a spare one as soon as there is one. Within the gate.</summary>
    private Round Open()
    {
        while (_open is null && _spare.Count == 0)
        {
            Monitor.Wait(_gate);
        }

        if (_open is null)
        {
            _open = Renew(_spare.Pop());
            Monitor.PulseAll(_gate);
        }

        return _open;
    }

    /// <summary>Ends the wait of a round that nobody else can join. Within the gate.</summary>
    private void Fill(Round round)
    {
        if (round.Taken == round.Batch.Rows)
        {
            Close(round);
            round.Full.Set();
        }
        else if (round.Taken + _blocked >= Volatile.Read(ref _callers))
        {
            // Nobody else is there to wait for; the round stays open for whoever comes while the device is busy.
            round.Full.Set();
            Monitor.PulseAll(_gate);
        }
    }

    private void Close(Round round)
    {
        if (ReferenceEquals(_open, round))
        {
            _open = null;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>A spare round, of the size that batches have by now.</summary>
    private Round Renew(Round spare)
    {
        Round round = spare;
        if (spare.Batch.Rows != Size)
        {
            spare.Dispose();
            round = new Round(_bind(Size));
        }

        round.Reset();
        return round;
    }

    private void Lead(Round round)
    {
        _ = round.Full.Wait(_wait);
        lock (_gate)
        {
            while (Delay(round) is int milliseconds and not 0)
            {
                _ = Monitor.Wait(_gate, milliseconds);
            }

            _running++;
            Close(round);
        }

        try
        {
            SpinWait spin = default;
            while (Volatile.Read(ref round.Filled) < round.Taken)
            {
                spin.SpinOnce();
            }

            long start = Stopwatch.GetTimestamp();
            Execute(round);
            Tell(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            lock (_count)
            {
                _rounds[Math.Min(round.Taken, _rounds.Length - 1)]++;
            }
        }
        // Whatever it was, it is every thread's failure: none may go on with values that were not computed.
        catch (Exception e)
        {
            round.Failure =
                e as ModelException ?? new ModelException("model-run", $"A batch failed: {e.Message}", true, e);
        }
        finally
        {
            lock (_gate)
            {
                _running--;
                _idleSince = Stopwatch.GetTimestamp();
                Monitor.PulseAll(_gate);
            }

            round.Done.Set();
        }
    }

    /// <summary>
    /// How long a round must wait yet: one that is not full costs as much as a full one, so it gives those who were in the last one half
    /// the time of a run to come back. Within the gate.
    /// </summary>
    /// <returns>Milliseconds; infinite: until something happens.</returns>
    private int Delay(Round round)
    {
        if (_running >= (round.Taken == round.Batch.Rows ? _atOnce : 1))
        {
            return Timeout.Infinite;
        }

        bool isAwaited = round.Taken < round.Batch.Rows && round.Taken + _blocked < Volatile.Read(ref _callers);
        return isAwaited
            ? (int)Math.Clamp((Patience * _runTime) - Stopwatch.GetElapsedTime(_idleSince).TotalMilliseconds, 0, 1000)
            : 0;
    }

    private void Execute(Round round)
    {
        try
        {
            _run(round.Batch);
        }
        catch (ModelException e) when (RuntimeFailure.IsOutOfMemory(e) && round.Batch.Rows > 1)
        {
            InHalves(round.Batch, round.Batch.Rows / 2, e);
        }
    }

    /// <summary>The rows of a batch that was too large, in smaller ones; that size is the size from now on.</summary>
    private void InHalves(BoundSession batch, int size, ModelException cause)
    {
        while (true)
        {
            try
            {
                using BoundSession part = _bind(size);
                for (int first = 0; first < batch.Rows; first += size)
                {
                    int rows = Math.Min(size, batch.Rows - first);
                    batch.CopyRowsTo(part, first, rows);
                    _run(part);
                    batch.TakeRowsFrom(part, first, rows);
                }

                Size = Math.Min(Size, size);
                return;
            }
            catch (ModelException e) when (RuntimeFailure.IsOutOfMemory(e) && size > 1)
            {
                size /= 2;
            }
            catch (ModelException e) when (RuntimeFailure.IsOutOfMemory(e))
            {
                ExceptionDispatchInfo.Throw(cause);
            }
        }
    }

    /// <summary>Keeps the time that runs take, the last ones more than those before.</summary>
    private void Tell(double milliseconds)
    {
        lock (_gate)
        {
            _runTime = _runTime == 0 ? milliseconds : _runTime + ((milliseconds - _runTime) / 8);
        }
    }

    private void Recycle(Round round)
    {
        lock (_gate)
        {
            _spare.Push(round);
            Monitor.PulseAll(_gate);
        }
    }
}
