using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.Reports;

/// <summary>Everything that is known of a job when its result has been verified; the report is a pure function of it.</summary>
public sealed record FinishedJob
{
    public required Guid JobId { get; init; }

    /// <summary>What the user called the target; a label, never a path that is opened.</summary>
    public required string Target { get; init; }

    public required string TargetSha256 { get; init; }
    public required string ResultSha256 { get; init; }
    public required VideoFormat Format { get; init; }
    public required Recipe Recipe { get; init; }
    public required Verification Verification { get; init; }
    public required IReadOnlyList<GateVerdict> Gates { get; init; }
    public required ScanResult Scan { get; init; }

    /// <summary>The accepted chunk reports, in any order; together they must cover the target once.</summary>
    public required IReadOnlyList<ChunkReport> ChunkReports { get; init; }

    /// <summary>The accepted attempt of each chunk, in any order.</summary>
    public required IReadOnlyList<ChunkSummary> Chunks { get; init; }

    /// <summary>CPU milliseconds of the stages outside the chunks (<c>prepare</c>, <c>scan</c>, <c>assemble</c>, …).</summary>
    public IReadOnlyDictionary<string, double> OtherStageMilliseconds { get; init; } = new Dictionary<string, double>();

    /// <summary>From accepted to published.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Model card id to SHA-256.</summary>
    public required IReadOnlyDictionary<string, string> Models { get; init; }

    /// <summary>What ran: product, runtime, ffmpeg, encoder.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }
}
