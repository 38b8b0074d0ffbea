using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>Where a replay stands.</summary>
public enum ReplayState
{
    /// <summary>Ordered; nobody was heard of yet.</summary>
    Released,
    Running,

    /// <summary>Over: the frames before encoding are those of the accepted attempt, or they are not.</summary>
    Compared,

    /// <summary>Over, without an answer.</summary>
    Failed,
}

/// <summary>A fused chunk, fused once more to see whether the same frames come out. Nothing of it becomes the job's.</summary>
public sealed class ReplayRow
{
    public Guid JobId { get; set; }
    public int ChunkIndex { get; set; }

    /// <summary>From 1, for each chunk.</summary>
    public int Number { get; set; }

    public ReplayState State { get; set; }

    /// <summary>Part of the names of what it writes.</summary>
    public Guid Delivery { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When it is taken for lost; null: it is over.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    public string? WorkerId { get; set; }
    public int FramesDone { get; set; }

    /// <summary>Of all its frames before encoding.</summary>
    public string? FramesHash { get; set; }

    /// <summary>Absolute numbers of the first frames that differ, in order; empty where none does.</summary>
    public IReadOnlyList<int> DifferentFrames { get; set; } = [];

    public Failure? Failure { get; set; }
}
