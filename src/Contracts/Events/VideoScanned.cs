namespace FaceFusion.Batch.Contracts.Events;

/// <summary>The scan result lies at the URL that <c>ScanVideo</c> named.</summary>
public sealed record VideoScanned
{
    public required Guid JobId { get; init; }
    public required int Attempt { get; init; }
    public required string WorkerId { get; init; }
    public required int People { get; init; }

    /// <summary>CPU milliseconds of the scan, ffmpeg included.</summary>
    public required double CpuMilliseconds { get; init; }

    /// <summary>Hash over model files and code version; every chunk of the job must be fused by a worker with the same key.</summary>
    public required string PipelineKey { get; init; }

    /// <summary>Of the worker, as it reports it; null: a worker of a version that did not.</summary>
    public string? Build { get; init; }

    /// <summary>Hash over what decides a sidecar's content: analysis models and settings, not the fuser.</summary>
    public required string AnalysisKey { get; init; }

    /// <summary>Model card id to SHA-256 of every model that the recipe uses.</summary>
    public required IReadOnlyDictionary<string, string> Models { get; init; }
}
