using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>One chunk of a job; the key is job and index.</summary>
public sealed class ChunkRow
{
    public Guid JobId { get; set; }
    public int Index { get; set; }

    /// <summary>First frame.</summary>
    public int Start { get; set; }

    /// <summary>One past the last frame.</summary>
    public int End { get; set; }

    public ChunkState State { get; set; }

    /// <summary>The fencing token: goes up with every release. 0: never released.</summary>
    public int Attempt { get; set; }

    /// <summary>Part of the names of what this attempt writes.</summary>
    public Guid Delivery { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>The Coordinator process that released the attempt.</summary>
    public Guid Incarnation { get; set; }

    public DateTimeOffset? ReleasedAt { get; set; }

    /// <summary>Expected work: frames, weighted by the people seen in them. The costliest goes first.</summary>
    public int Cost { get; set; }

    public string? WorkerId { get; set; }
    public int FramesDone { get; set; }

    /// <summary>Of the accepted attempt, as of here.</summary>
    public long SegmentBytes { get; set; }

    public string? SegmentSha256 { get; set; }
    public string? HeaderSha256 { get; set; }
    public string? FramesHash { get; set; }
    public double Seconds { get; set; }
    public bool Analysed { get; set; }

    public FrameRange Range => new(Start, End);
}
