namespace FaceFusion.Batch.Contracts.Events;

/// <summary>Segment, sidecar and chunk report are stored; the Coordinator accepts them if the attempt is still the newest.</summary>
public sealed record ChunkFused
{
    public required Guid JobId { get; init; }
    public required int ChunkIndex { get; init; }
    public required int Attempt { get; init; }
    public required string WorkerId { get; init; }
    public required int Frames { get; init; }
    public required long SegmentBytes { get; init; }

    /// <summary>SHA-256 (lower-case hex) of the segment file.</summary>
    public required string SegmentSha256 { get; init; }

    /// <summary>SHA-256 (lower-case hex) of the encoder's header (extradata); equal over all segments of a job.</summary>
    public required string HeaderSha256 { get; init; }

    /// <summary>XxHash128 (lower-case hex) over the XxHash3 of each frame as it went to the encoder, in order.</summary>
    public required string FramesHash { get; init; }

    /// <summary>Wall seconds that the worker spent.</summary>
    public required double Seconds { get; init; }

    /// <summary>False if every frame's faces came from sidecars.</summary>
    public required bool Analysed { get; init; }
}
