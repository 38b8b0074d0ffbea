using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Contracts.Commands;

/// <summary>Order to a worker: look at key frames, find the people, resolve the recipe's selection and check the sources.</summary>
public sealed record ScanVideo
{
    public required Guid JobId { get; init; }
    public required int Attempt { get; init; }
    public required VideoFormat Format { get; init; }
    public required BlobUrl TargetUrl { get; init; }

    /// <summary>Of the target's bytes, lower-case hex: whoever fetches it refuses others.</summary>
    public required string TargetSha256 { get; init; }
    public required BlobUrl FrameTableUrl { get; init; }
    public required Recipe Recipe { get; init; }
    public required IReadOnlyList<SourceIdentity> Sources { get; init; }

    /// <summary>Files of the models that the recipe names and the fleet has; a worker that has them already takes its own.</summary>
    public IReadOnlyList<ModelBlob> Models { get; init; } = [];

    /// <summary>How often progress must be heard, in seconds; a lease lasts four times as long.</summary>
    public required int HeartbeatSeconds { get; init; }

    /// <summary>Create-only: where the scan result (JSON, <c>ScanResult</c>) goes.</summary>
    public required BlobUrl ScanPutUrl { get; init; }

    /// <summary>Create-only: where the contact sheet (PNG) goes.</summary>
    public required BlobUrl SheetPutUrl { get; init; }
}
