namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// Several threads that do the same to one value after the other. Values are dealt out to the lanes in turn and taken back in the same
/// turn, so their order is restored by counting.
/// <code>
/// deal ─► lane 0 ─► collect
///      ─► lane 1 ─►
/// </code>
/// One thread deals, one collects; bounded, and nothing is allocated after construction.
/// </summary>
internal sealed class Lanes<T> : IDisposable
{
    private const int Ahead = 1;

    private readonly BoundedQueue<T>[] _dealt;
    private readonly BoundedQueue<T>[] _done;
    private readonly Action<T, int> _work;
    private int _deals;
    private int _collected;

    /// <param name="count">Threads, at least 1.</param>
    /// <param name="work">What is done to a value; told the lane's number, from 0.</param>
    public Lanes(int count, Action<T, int> work)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _work = work;
        _dealt = [.. Enumerable.Range(0, count).Select(static _ => new BoundedQueue<T>(Ahead))];
        _done = [.. Enumerable.Range(0, count).Select(static _ => new BoundedQueue<T>(Ahead))];
    }

    /// <summary>Most values that are in so many lanes, with the one that is dealt and the one that was collected.</summary>
    public static int Held(int lanes) => (lanes * ((2 * Ahead) + 1)) + 2;

    /// <summary>Starts the threads of the lanes.</summary>
    /// <param name="onEnd">Called on each of them at its end; null: nothing.</param>
    public void Start(StageThreads stages, string name, Action? onEnd = null)
    {
        for (int i = 0; i < _dealt.Length; i++)
        {
            int lane = i;
            stages.Start($"{name} {lane}", stop => Run(lane, onEnd, stop));
        }
    }

    public void Deal(T value, CancellationToken stop) => _dealt[_deals++ % _dealt.Length].Add(value, stop);

    /// <summary>Nothing more is dealt.</summary>
    public void Complete()
    {
        foreach (BoundedQueue<T> lane in _dealt)
        {
            lane.Complete();
        }
    }

    /// <summary>Waits for the next value in order; false: all were collected.</summary>
    public bool TryCollect(out T value, CancellationToken stop) =>
        _done[_collected++ % _done.Length].TryTake(out value, stop);

    public void Dispose()
    {
        foreach (BoundedQueue<T> queue in _dealt.Concat(_done))
        {
            queue.Dispose();
        }
    }

    private void Run(int lane, Action? onEnd, CancellationToken stop)
    {
        while (_dealt[lane].TryTake(out T value, stop))
        {
            _work(value, lane);
            _done[lane].Add(value, stop);
        }

        onEnd?.Invoke();
        _done[lane].Complete();
    }
}
