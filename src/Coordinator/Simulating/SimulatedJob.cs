using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Media.Planning;

namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>How a target of so many frames is cut, and in which order its chunks are released; shared by all jobs that are cut alike.</summary>
internal sealed class SimulatedPlan
{
    public SimulatedPlan(int frames, int chunkFrames)
    {
        Ranges = ChunkPlanner.Plan(frames, chunkFrames);
        Order = ReleaseOrder.Of([.. Ranges.Select(range => range.Length)]);
        Rank = new int[Order.Length];
        for (int i = 0; i < Order.Length; i++)
        {
            Rank[Order[i]] = i;
        }
    }

    public IReadOnlyList<FrameRange> Ranges { get; }

    /// <summary>Chunk by rank.</summary>
    public int[] Order { get; }

    /// <summary>Rank by chunk.</summary>
    public int[] Rank { get; }
}

/// <summary>A job that fuses: the rows of its chunks in as few bytes as a million of them allow.</summary>
internal sealed class SimulatedJob(int number, string tenant, int priority, double at, SimulatedPlan plan)
    : FairPlace(
        new Guid(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
        tenant,
        priority,
        DateTimeOffset.UnixEpoch.AddSeconds(at),
        inFlight: 0,
        plan.Ranges.Count
    )
{
    /// <summary>Attempts times eight and the state, by chunk; made when the first is released.</summary>
    private ushort[]? _chunks;
    private PriorityQueue<int, int>? _returned;
    private int _next;

    public int Number => number;

    public SimulatedPlan Plan => plan;

    public int Fused { get; private set; }

    public bool IsOver { get; set; }

    /// <summary>Attempts that did not end well, by chunk; null while there are none.</summary>
    public Dictionary<int, List<AttemptRow>>? Histories { get; private set; }

    public ChunkState StateOf(int chunk) => _chunks is null ? ChunkState.Waiting : (ChunkState)(_chunks[chunk] & 7);

    public int AttemptOf(int chunk) => _chunks is null ? 0 : _chunks[chunk] >> 3;

    /// <summary>Opens an attempt at the chunk that comes first in the release order; its index.</summary>
    public int Release()
    {
        // What came back has a better rank than anything that was never released.
        int chunk = _returned is { Count: > 0 } ? _returned.Dequeue() : Plan.Order[_next++];
        _chunks ??= new ushort[Plan.Ranges.Count];
        Set(chunk, ChunkState.Released, AttemptOf(chunk) + 1);
        return chunk;
    }

    /// <summary>A compare-and-set on (chunk, attempt), as the ledger does it. False: the attempt does not count any more.</summary>
    public bool Move(int chunk, int attempt, ChunkState from, ChunkState to)
    {
        if (IsOver || AttemptOf(chunk) != attempt || StateOf(chunk) != from)
        {
            return false;
        }

        Set(chunk, to, attempt);
        if (to == ChunkState.Fused)
        {
            Fused++;
        }
        else if (to == ChunkState.Waiting)
        {
            (_returned ??= new()).Enqueue(chunk, Plan.Rank[chunk]);
        }

        return true;
    }

    public List<AttemptRow> HistoryOf(int chunk)
    {
        Histories ??= [];
        if (!Histories.TryGetValue(chunk, out List<AttemptRow>? history))
        {
            history = [];
            Histories.Add(chunk, history);
        }

        return history;
    }

    private void Set(int chunk, ChunkState state, int attempt) =>
        _chunks![chunk] = checked((ushort)((attempt << 3) | (int)state));
}
