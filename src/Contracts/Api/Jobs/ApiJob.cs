using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;

namespace FaceFusion.Batch.Contracts.Api.Jobs;

/// <summary>Where a job stands. Clients take a value that they do not know for one that is not the end.</summary>
public enum JobStep
{
    Queued,

    /// <summary>It is looked into: frames, people, gates.</summary>
    Validating,

    /// <summary>Chunks are fused.</summary>
    Running,

    /// <summary>The result is put together and verified.</summary>
    Finalizing,

    /// <summary>Nothing new of it is begun until it is resumed.</summary>
    Paused,
    Succeeded,
    Failed,
    Cancelled,
    Declined,
}

/// <summary>A job.</summary>
public sealed record ApiJob
{
    public required string Id { get; init; }
    public required JobFor Kind { get; init; }
    public required JobStep State { get; init; }

    /// <summary>The upload of the target; left out for a job that did not come over HTTP.</summary>
    public string? Target { get; init; }

    /// <summary>Names of the sources.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    public required Recipe Recipe { get; init; }
    public required int Priority { get; init; }

    /// <summary>What the result is for; left out where nobody has said.</summary>
    public LicenceUsage? Usage { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Left out in lists.</summary>
    public ApiProgress? Progress { get; init; }

    /// <summary>The batch that made it, and the id of its row there.</summary>
    public string? Batch { get; init; }
    public string? Row { get; init; }

    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset UpdateTime { get; init; }
    public DateTimeOffset? FinishTime { get; init; }
    public DateTimeOffset? PauseTime { get; init; }
    public string? CancelReason { get; init; }
    public ApiFailure? Failure { get; init; }
    public required IReadOnlyList<GateVerdict> Gates { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Of the result, once there is one.</summary>
    public string? ResultSha256 { get; init; }
}

/// <summary>How far a job is. It goes back where a try at a chunk is lost.</summary>
/// <param name="FramesDone">Frames of fused chunks, and of running ones those that their workers have told of.</param>
/// <param name="FramesTotal">0 until the target is prepared.</param>
/// <param name="ChunksDone">Fused chunks.</param>
/// <param name="ChunksTotal">0 until the target is prepared.</param>
public sealed record ApiProgress(int FramesDone, int FramesTotal, int ChunksDone, int ChunksTotal);

public sealed record ApiJobList(IReadOnlyList<ApiJob> Jobs, string? NextPageToken);

/// <summary>What a job would be.</summary>
/// <param name="Frames">Of the target, by its duration and nominal rate: an estimate.</param>
/// <param name="Chunks">Their number, by that.</param>
/// <param name="SlotsAssumed">Chunks that are worked on at once now.</param>
public sealed record ApiPlan(int Frames, int Chunks, int SlotsAssumed);

public sealed record ApiPlanAnswer(ApiPlan Plan, IReadOnlyList<GateVerdict> Gates);
