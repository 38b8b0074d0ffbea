namespace FaceFusion.Batch.Imaging.Frames;

/// <summary>
/// A fixed number of frames: renting waits until one is free, which is what bounds a worker's memory. All frames are allocated at
/// construction, so the bound is paid up front and known.
/// </summary>
public sealed class FramePool : IDisposable
{
    private readonly Frame[] _frames;
    private readonly Stack<Frame> _free;
    private readonly SemaphoreSlim _available;
    private readonly Lock _gate = new();
    private bool _disposed;

    public FramePool(FrameFormat format, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Format = format;
        Capacity = capacity;
        _free = new Stack<Frame>(capacity);
        _available = new SemaphoreSlim(capacity, capacity);
        _frames = new Frame[capacity];
        for (int i = 0; i < capacity; i++)
        {
            _frames[i] = new Frame(format);
            _free.Push(_frames[i]);
        }
    }

    public FrameFormat Format { get; }

    public int Capacity { get; }

    /// <summary>Frames that are rented now; 0 when a pipeline has ended cleanly.</summary>
    public int Rented => Capacity - _available.CurrentCount;

    /// <summary>Bytes of native memory held.</summary>
    public long Bytes => (long)Capacity * Format.FrameBytes;

    /// <summary>Blocks the calling thread until a frame is free.</summary>
    public Frame Rent(CancellationToken cancellationToken)
    {
        _available.Wait(cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _free.Pop();
        }
    }

    public void Return(Frame frame)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _free.Push(frame);
        }

        _available.Release();
    }

    /// <summary>Frees every frame, also those that a stopped pipeline never returned: call it when no thread uses them any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            foreach (Frame frame in _frames)
            {
                frame.Free();
            }
        }

        _available.Dispose();
    }
}
