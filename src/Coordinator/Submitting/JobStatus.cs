using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>Where a job stands, in one reading.</summary>
public sealed record JobStatus
{
    public required Guid JobId { get; init; }
    public required JobKind Kind { get; init; }
    public required JobState State { get; init; }

    /// <summary>Frames fused, those of running chunks included; never falls but when an attempt is lost.</summary>
    public required int FramesDone { get; init; }

    /// <summary>0 until the target is prepared.</summary>
    public required int FramesTotal { get; init; }

    /// <summary>Frames that the running scan has looked at.</summary>
    public required int ScanFramesDone { get; init; }

    public required int ChunksDone { get; init; }
    public required int ChunksTotal { get; init; }

    /// <summary>Frames fused per second since this run began to fuse; 0 before the first.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>Why the job failed; null for any other state.</summary>
    public required Failure? Failure { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required string? ResultSha256 { get; init; }

    /// <summary>The stage, in the user's words: <c>prepare</c>, <c>scan</c>, <c>fuse</c>, <c>assemble</c>, or the end.</summary>
    public string Stage =>
        State switch
        {
            JobState.Queued or JobState.Preparing => "prepare",
            JobState.Scanning => "scan",
            JobState.Gating => "gates",
            JobState.Fusing => "fuse",
            JobState.Assembling => "assemble",
            _ => State.ToString().ToLowerInvariant(),
        };

    public bool IsOver => State.IsTerminal();
}
