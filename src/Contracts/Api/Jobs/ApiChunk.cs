using FaceFusion.Batch.Contracts.Api.Problems;

namespace FaceFusion.Batch.Contracts.Api.Jobs;

/// <summary>Where a chunk stands.</summary>
public enum ChunkStep
{
    Pending,

    /// <summary>Handed out, and nobody has been heard of yet.</summary>
    Leased,
    Running,
    Succeeded,
    Quarantined,
}

/// <summary>Frames [start, end) of a job's target.</summary>
public sealed record ApiChunk
{
    public required int Index { get; init; }
    public required int Start { get; init; }
    public required int End { get; init; }
    public required ChunkStep State { get; init; }

    /// <summary>Tries so far.</summary>
    public required int Attempt { get; init; }
    public string? Worker { get; init; }
    public required int FramesDone { get; init; }
    public string? SegmentSha256 { get; init; }
}

public sealed record ApiChunkList(IReadOnlyList<ApiChunk> Chunks, string? NextPageToken);

/// <summary>How an attempt ended, or that it has not.</summary>
public enum AttemptEnding
{
    Open,
    Fused,
    Failed,
    Lost,
    Unheard,
    Voided,
    Damaged,
}

/// <summary>One try at a chunk.</summary>
public sealed record ApiAttempt
{
    public required int Attempt { get; init; }
    public required AttemptEnding Outcome { get; init; }
    public required DateTimeOffset ReleaseTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
    public string? Worker { get; init; }
    public ApiFailure? Failure { get; init; }

    /// <summary>How long the worker took, as it reported; left out in lists, and where its report is not there (any more).</summary>
    public double? WallSeconds { get; init; }

    /// <summary>CPU milliseconds by stage of the worker's pipeline; left out with the former.</summary>
    public IReadOnlyDictionary<string, double>? StageMilliseconds { get; init; }
}

public sealed record ApiAttemptList(IReadOnlyList<ApiAttempt> Attempts);
