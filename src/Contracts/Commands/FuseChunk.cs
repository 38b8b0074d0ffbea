using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Contracts.Commands;

/// <summary>Order to a worker: turn one chunk into one segment, one sidecar and one chunk report.</summary>
public sealed record FuseChunk
{
    public required Guid JobId { get; init; }
    public required int ChunkIndex { get; init; }

    /// <summary>The fencing token: only the newest attempt of a chunk is accepted.</summary>
    public required int Attempt { get; init; }

    public required FrameRange Range { get; init; }
    public required VideoFormat Format { get; init; }
    public required Recipe Recipe { get; init; }
    public required BlobUrl TargetUrl { get; init; }

    /// <summary>Of the target's bytes, lower-case hex: whoever fetches it refuses others.</summary>
    public required string TargetSha256 { get; init; }
    public required BlobUrl FrameTableUrl { get; init; }
    public required BlobUrl ScanUrl { get; init; }
    public required IReadOnlyList<SourceIdentity> Sources { get; init; }
    public required IReadOnlyList<SidecarRef> Sidecars { get; init; }

    /// <summary>Hash over the model files and the code version that this job started with; a worker with another one refuses.</summary>
    public required string PipelineKey { get; init; }

    /// <summary>Files of the models that the recipe names and the fleet has; a worker that has them already takes its own.</summary>
    public IReadOnlyList<ModelBlob> Models { get; init; } = [];

    /// <summary>How often progress must be heard, in seconds; a lease lasts four times as long.</summary>
    public required int HeartbeatSeconds { get; init; }

    /// <summary>Create-only, holding job, chunk and attempt in its name.</summary>
    public required BlobUrl SegmentPutUrl { get; init; }
    public required BlobUrl SidecarPutUrl { get; init; }
    public required BlobUrl ReportPutUrl { get; init; }
}
