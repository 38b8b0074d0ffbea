namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>What happens next.</summary>
internal enum Happening : byte
{
    /// <summary>The next job comes.</summary>
    Arrival,

    /// <summary>A released chunk is in the broker's queue.</summary>
    Reached,
    Prepared,
    Scanned,
    Fused,
    Broke,
    Assembled,
    WorkerStart,
    WorkerUp,
    Preempted,
    WorkerGone,

    /// <summary>A lease after its last word, a worker's slots do not count any more.</summary>
    Forgotten,

    /// <summary>The sweeper looks at an attempt whose worker is gone.</summary>
    Sweep,
    Scale,
}

/// <param name="At">When: seconds, or work done per activity where cores are shared.</param>
/// <param name="Order">Decides between events of one moment.</param>
/// <param name="What">What happens.</param>
/// <param name="Subject">Number of the job, worker or slot.</param>
/// <param name="Detail">Chunk, or the stamp without which the event is void.</param>
/// <param name="Attempt">Of the chunk.</param>
internal readonly record struct Event(double At, long Order, Happening What, int Subject, int Detail, int Attempt);

/// <summary>Events by time; a binary heap of structs.</summary>
internal sealed class EventHeap
{
    private Event[] _events = new Event[1024];

    public int Count { get; private set; }

    public double NextAt => Count > 0 ? _events[0].At : double.PositiveInfinity;

    public void Add(in Event added)
    {
        if (Count == _events.Length)
        {
            Array.Resize(ref _events, 2 * Count);
        }

        int at = Count++;
        while (at > 0 && IsBefore(added, _events[(at - 1) / 2]))
        {
            _events[at] = _events[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _events[at] = added;
    }

    public Event Take()
    {
        Event first = _events[0];
        Event last = _events[--Count];
        int at = 0;
        for (int below = 1; below < Count; below = (2 * at) + 1)
        {
            if (below + 1 < Count && IsBefore(_events[below + 1], _events[below]))
            {
                below++;
            }

            if (!IsBefore(_events[below], last))
            {
                break;
            }

            _events[at] = _events[below];
            at = below;
        }

        _events[at] = last;
        return first;
    }

    private static bool IsBefore(in Event a, in Event b) => a.At < b.At || (a.At == b.At && a.Order < b.Order);
}
