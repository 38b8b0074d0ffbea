namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// A fixed ring between two stage threads: one writer, one reader, blocking, nothing allocated after construction. No queue of the
/// pipeline is unbounded, so a slow stage slows the ones before it instead of filling memory.
/// </summary>
internal sealed class BoundedQueue<T> : IDisposable
{
    private readonly T[] _ring;
    private readonly SemaphoreSlim _free;
    private readonly SemaphoreSlim _filled = new(0);
    private int _read;
    private int _write;
    private volatile bool _completed;

    public BoundedQueue(int capacity)
    {
        _ring = new T[capacity];
        _free = new SemaphoreSlim(capacity, capacity);
    }

    /// <summary>Waits for room, then hands <paramref name="value"/> over.</summary>
    public void Add(T value, CancellationToken cancellationToken)
    {
        _free.Wait(cancellationToken);
        _ring[_write] = value;
        _write = (_write + 1) % _ring.Length;
        _filled.Release();
    }

    /// <summary>The writer has no more; the reader still gets what lies in the ring.</summary>
    public void Complete()
    {
        _completed = true;
        _filled.Release();
    }

    /// <summary>Waits for the next value; false when the writer has completed and the ring is empty.</summary>
    public bool TryTake(out T value, CancellationToken cancellationToken)
    {
        _filled.Wait(cancellationToken);
        if (_completed && _free.CurrentCount == _ring.Length)
        {
            // The one count that Complete added: give it back, so that every later call ends at once too.
            _filled.Release();
            value = default!;
            return false;
        }

        value = _ring[_read];
        _ring[_read] = default!;
        _read = (_read + 1) % _ring.Length;
        _free.Release();
        return true;
    }

    /// <summary>Takes what is left without waiting; only after both threads have ended.</summary>
    public IEnumerable<T> Drain()
    {
        while (_free.CurrentCount < _ring.Length)
        {
            T value = _ring[_read];
            _read = (_read + 1) % _ring.Length;
            _free.Release();
            yield return value;
        }
    }

    public void Dispose()
    {
        _free.Dispose();
        _filled.Dispose();
    }
}
