using FaceFusion.Batch.Contracts.Api.Problems;

namespace FaceFusion.Batch.Contracts.Api.Replays;

/// <summary>Where a replay stands.</summary>
public enum ReplayStep
{
    /// <summary>Ordered; nobody was heard of yet.</summary>
    Leased,
    Running,

    /// <summary>Over: every frame before encoding is the same.</summary>
    Same,

    /// <summary>Over: some frames are not the same.</summary>
    Different,

    /// <summary>Over, without an answer.</summary>
    Failed,
}

/// <summary>A fused chunk, fused once more from the target to see whether the same frames come out. The job stays as it is.</summary>
public sealed record ApiReplay
{
    public required string Job { get; init; }
    public required int Chunk { get; init; }

    /// <summary>From 1, for each chunk.</summary>
    public required int Number { get; init; }
    public required ReplayStep State { get; init; }
    public required int FramesDone { get; init; }
    public required int FramesTotal { get; init; }

    /// <summary>Who runs it, or ran it.</summary>
    public string? Worker { get; init; }

    /// <summary>Whose segment is the chunk's.</summary>
    public string? AcceptedWorker { get; init; }

    /// <summary>Hash over the replay's frames before encoding.</summary>
    public string? FramesHash { get; init; }

    /// <summary>The same of the accepted attempt.</summary>
    public string? AcceptedFramesHash { get; init; }

    /// <summary>Numbers in the video of the first frames that differ.</summary>
    public IReadOnlyList<int> DifferentFrames { get; init; } = [];
    public ApiFailure? Failure { get; init; }
    public required DateTimeOffset CreateTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
}

public sealed record ApiReplayList(IReadOnlyList<ApiReplay> Replays);
