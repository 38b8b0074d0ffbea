using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Contracts.Reports;

/// <summary>The proof and the figures of a finished job: <c>OUTPUT.report.json</c>.</summary>
public sealed record JobReport
{
    public int SchemaVersion { get; init; } = 1;
    public required Guid JobId { get; init; }
    public required string Target { get; init; }
    public required string TargetSha256 { get; init; }
    public required string ResultSha256 { get; init; }
    public required VideoFormat Format { get; init; }

    /// <summary>Width and height of the result over those of the target.</summary>
    public int OutputScale { get; init; } = 1;
    public required Recipe Recipe { get; init; }
    public required Verification Verification { get; init; }
    public required IReadOnlyList<GateVerdict> Gates { get; init; }
    public required IReadOnlyList<PersonReport> People { get; init; }
    public required int Frames { get; init; }
    public required int FramesWithFaces { get; init; }
    public required int FacesFound { get; init; }
    public required int FacesFused { get; init; }
    public required IReadOnlyList<IdentitySample> WorstFrames { get; init; }
    public required IReadOnlyList<IdentitySample> Identity { get; init; }
    public required IReadOnlyList<int> FacesPerFrame { get; init; }
    public required IReadOnlyDictionary<string, double> StageMilliseconds { get; init; }
    public required double WallSeconds { get; init; }
    public required double FramesPerSecond { get; init; }
    public required IReadOnlyList<ChunkSummary> Chunks { get; init; }
    public required IReadOnlyDictionary<string, string> Models { get; init; }
    public required IReadOnlyDictionary<string, string> Versions { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The devices that models ran on, over all chunks.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];
}

/// <summary>What was checked on the result file before it was published; every flag must hold.</summary>
public sealed record Verification(
    int FramesExpected,
    int FramesFound,
    bool TimestampsEqual,
    bool StreamsKept,
    long AudioVideoShiftMicroseconds,
    string Note
);

/// <summary>One gate (consent, licence, content) and what it said.</summary>
public sealed record GateVerdict(string Gate, string Verdict, string Note);

public sealed record PersonReport(
    int Person,
    string? Identity,
    int FramesFused,
    int FramesMissed,
    float? MedianBefore,
    float? MedianAfter,
    float? MedianToOld
)
{
    /// <summary>What a classifier takes the person for; null: the recipe did not ask.</summary>
    public FaceAttributes? Attributes { get; init; }
}

public sealed record ChunkSummary(
    int Index,
    FrameRange Range,
    int Attempt,
    string WorkerId,
    double Seconds,
    string FramesHash,
    string SegmentSha256
)
{
    /// <summary>The device that the models ran on; empty: not known.</summary>
    public string Device { get; init; } = "";
}
