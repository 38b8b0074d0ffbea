namespace FaceFusion.Batch.Contracts.Values;

/// <summary>
/// What must be known of the target's video stream to decode it to raw planes and to encode the result alike.
/// Tag strings are ffmpeg's own names (<c>bt709</c>, <c>smpte2084</c>, …); <c>unknown</c> where the stream does not say.
/// </summary>
public sealed record VideoFormat
{
    /// <summary>Coded picture size as ffmpeg decodes it with <c>-noautorotate</c>, in pixels. May be odd.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>ffmpeg's planar YUV pixel format of the frames in the pipe: <c>yuv420p</c>, <c>yuv422p10le</c>, …</summary>
    public required string PixelFormat { get; init; }

    /// <summary>Time base of the frame table and of the result: seconds per tick.</summary>
    public required Rational TimeBase { get; init; }

    /// <summary>Nominal frame rate; for display, bit-rate decisions and GOP length only, never for timestamps.</summary>
    public required Rational FrameRate { get; init; }

    public Rational SampleAspectRatio { get; init; } = new(1, 1);

    /// <summary>Degrees that a player turns the picture clockwise: 0, 90, 180 or 270. Frames travel unrotated.</summary>
    public int Rotation { get; init; }

    /// <summary>ffprobe's field order: <c>progressive</c>, <c>tt</c>, <c>bb</c>, <c>tb</c>, <c>bt</c> or <c>unknown</c>.</summary>
    public string FieldOrder { get; init; } = "progressive";

    public string ColorRange { get; init; } = "unknown";
    public string ColorSpace { get; init; } = "unknown";
    public string ColorTransfer { get; init; } = "unknown";
    public string ColorPrimaries { get; init; } = "unknown";
    public string ChromaLocation { get; init; } = "unspecified";

    /// <summary>x265 <c>master-display</c> string of HDR10 content; null where there is none.</summary>
    public string? MasteringDisplay { get; init; }

    /// <summary>x265 <c>max-cll</c> string ("max,average" nits); null where there is none.</summary>
    public string? ContentLightLevel { get; init; }

    /// <summary>Seconds of the container's start, which ffmpeg adds to every <c>-ss</c>.</summary>
    public double ContainerStart { get; init; }

    /// <summary>ffmpeg demuxer names that fit this file; the worker's format white-list.</summary>
    public required string Demuxer { get; init; }

    /// <summary>The target is a still image: one frame, no timestamps, no sound.</summary>
    public bool IsStill { get; init; }

    /// <summary>Codec name of the target's video stream (ffprobe <c>codec_name</c>).</summary>
    public required string Codec { get; init; }
}
