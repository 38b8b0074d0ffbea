namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// Several threads (lanes) that do the same to one value after the other. A lane that is free takes the next value; they are collected in
/// the order in which they were dealt, from a ring with room for more than the lanes, so that none waits for one that takes longer.
/// <code>
/// deal ─► ring ─► collect
///         │  ▲
///         lanes
/// </code>
/// One thread deals, one collects; bounded, and nothing is allocated after construction.
/// </summary>
internal sealed class Lanes<T> : IDisposable
{
    /// <summary>For each lane: a value that it works on, one that waits for it, and one that waits to be collected.</summary>
    private const int PlacesOfALane = 3;

    private readonly T[] _ring;
    private readonly SemaphoreSlim[] _done;
    private readonly SemaphoreSlim _free;
    private readonly SemaphoreSlim _dealt = new(0);
    private readonly Action<T, int> _work;
    private readonly LaneShare? _share;
    private readonly Func<bool> _isOver;
    private readonly int _lanes;
    private int _deals;
    private int _taken;
    private int _collected;
    private volatile bool _completed;

    /// <param name="count">Threads, at least 1.</param>
    /// <param name="work">What is done to a value; told the lane's number, from 0.</param>
    /// <param name="share">Says how many of them work where there are other chunks; null: all.</param>
    public Lanes(int count, Action<T, int> work, LaneShare? share = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _lanes = count;
        _work = work;
        _share = share;
        _isOver = () => _completed;
        _ring = new T[PlacesOfALane * count];
        _done = [.. _ring.Select(static _ => new SemaphoreSlim(0))];
        _free = new SemaphoreSlim(_ring.Length);
    }

    /// <summary>Most values that are in so many lanes, with the one that is dealt and the one that was collected.</summary>
    public static int Held(int lanes) => (PlacesOfALane * lanes) + 2;

    /// <summary>Starts the threads of the lanes.</summary>
    /// <param name="onEnd">Called on each of them at its end; null: nothing.</param>
    /// <param name="isAhead">As of <see cref="StageThreads.Start"/>.</param>
    public void Start(StageThreads stages, string name, Action? onEnd = null, bool isAhead = false)
    {
        for (int i = 0; i < _lanes; i++)
        {
            int lane = i;
            stages.Start($"{name} {lane}", stop => Run(lane, onEnd, stop), isAhead);
        }
    }

    public void Deal(T value, CancellationToken stop)
    {
        _free.Wait(stop);
        _ring[_deals % _ring.Length] = value;
        Volatile.Write(ref _deals, _deals + 1);
        _ = _dealt.Release();
    }

    /// <summary>Nothing more is dealt.</summary>
    public void Complete(CancellationToken stop)
    {
        // The place behind the last value is free then, so that its news can only be that there is none.
        _free.Wait(stop);
        _completed = true;
        _ = _dealt.Release(_lanes);
        _ = _done[_deals % _ring.Length].Release();
        _share?.Tell();
    }

    /// <summary>Waits for the next value in order; false: all were collected.</summary>
    public bool TryCollect(out T value, CancellationToken stop)
    {
        int place = _collected % _ring.Length;
        _done[place].Wait(stop);
        if (_completed && _collected == _deals)
        {
            // Every later call ends at once, too.
            _ = _done[place].Release();
            value = default!;
            return false;
        }

        value = _ring[place];
        _ring[place] = default!;
        _collected++;
        _ = _free.Release();
        return true;
    }

    public void Dispose()
    {
        foreach (SemaphoreSlim semaphore in _done.Append(_free).Append(_dealt))
        {
            semaphore.Dispose();
        }
    }

    private void Run(int lane, Action? onEnd, CancellationToken stop)
    {
        while (TryTurn(lane, out int turn, stop))
        {
            _work(_ring[turn % _ring.Length], lane);
            _ = _done[turn % _ring.Length].Release();
        }

        onEnd?.Invoke();
    }

    /// <summary>The next value that no lane has; there is one for each that was dealt, and then one end for each lane.</summary>
    private bool TryTurn(int lane, out int turn, CancellationToken stop)
    {
        _share?.Wait(lane, _isOver, stop);
        _dealt.Wait(stop);
        turn = Interlocked.Increment(ref _taken) - 1;
        return turn < Volatile.Read(ref _deals);
    }
}
