using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Probing;

namespace FaceFusion.Batch.Media.Assembling;

/// <summary>What a kind of result file can hold, and how each of the target's streams gets into it. Decided before any work is done.</summary>
public sealed record ResultContainer
{
    /// <summary>Those for video, the most widely played first.</summary>
    private static readonly string[] Choices = [".mp4", ".mov", ".mkv"];

    private static readonly HashSet<string> TextSubtitles = ["subrip", "ass", "ssa", "webvtt", "text", "mov_text"];

    private static readonly HashSet<string> Mp4Audio =
    [
        "aac",
        "mp3",
        "mp2",
        "ac3",
        "eac3",
        "alac",
        "opus",
        "flac",
        "dts",
        "vorbis",
    ];

    private static readonly HashSet<string> MovAudio = ["aac", "mp3", "mp2", "ac3", "eac3", "alac", "adpcm_ima_qt"];

    private static readonly HashSet<string> MkvSubtitles =
    [
        "subrip",
        "ass",
        "ssa",
        "webvtt",
        "text",
        "dvd_subtitle",
        "dvb_subtitle",
        "hdmv_pgs_subtitle",
    ];

    private ResultContainer(string muxer, bool isExact)
    {
        Muxer = muxer;
        IsExact = isExact;
    }

    /// <summary>ffmpeg's muxer: mp4, mov, matroska, or png, mjpeg, libwebp for stills.</summary>
    public string Muxer { get; }

    /// <summary>Timestamps are kept to the tick; false for MKV, which counts milliseconds.</summary>
    public bool IsExact { get; }

    public bool IsStill => Muxer is "png" or "mjpeg" or "libwebp";

    /// <summary>The container for an output file, by its extension.</summary>
    /// <exception cref="InvalidRecipeException"><c>output-container</c>: the extension is unknown, or does not fit the target.</exception>
    public static ResultContainer For(string outputPath, bool targetIsStill)
    {
        string extension = Path.GetExtension(outputPath).ToLowerInvariant();
        ResultContainer? container = extension switch
        {
            ".mp4" or ".m4v" => new ResultContainer("mp4", true),
            ".mov" => new ResultContainer("mov", true),
            ".mkv" => new ResultContainer("matroska", false),
            ".png" => new ResultContainer("png", true),
            ".jpg" or ".jpeg" => new ResultContainer("mjpeg", true),
            ".webp" => new ResultContainer("libwebp", true),
            _ => null,
        };
        return container is not null && container.IsStill == targetIsStill
            ? container
            : throw new InvalidRecipeException(
                "output-container",
                targetIsStill
                    ? "The target is a picture: name the output .png, .jpg or .webp."
                    : "The target is a video: name the output .mp4, .mov or .mkv."
            );
    }

    /// <summary>The extension for a result that nobody named: of the first container that holds all of the target, or its best.</summary>
    public static string ExtensionFor(ProbedVideo video) =>
        video.Format.IsStill
            ? ".png"
            : Choices.FirstOrDefault(extension => For(extension, targetIsStill: false).Misfit(video) is null)
                ?? Choices[^1];

    /// <summary>Checks that everything of the target fits.</summary>
    /// <returns>One sentence for each stream that is kept in another form.</returns>
    /// <exception cref="InvalidRecipeException"><c>output-container</c>: a stream does not fit; the message names it and a container that holds it.</exception>
    public IReadOnlyList<string> Check(ProbedVideo video)
    {
        if (IsStill)
        {
            return [];
        }

        if (Misfit(video) is { } misfit)
        {
            throw new InvalidRecipeException(
                "output-container",
                $"Stream {misfit.Index} of the target ({misfit.Codec}) does not fit into {Muxer}: name the output "
                    + $"{Better(misfit)}."
            );
        }

        List<string> warnings = [];
        foreach (ProbedStream stream in Kept(video))
        {
            if (stream.Kind == StreamKind.Subtitle && SubtitleCodec(stream.Codec) is not "copy" and var codec)
            {
                warnings.Add(
                    $"Subtitle stream {stream.Index} ({stream.Codec}) becomes {codec}: its text and times are kept, its styles are not."
                );
            }
        }

        if (Muxer != "matroska" && video.Streams.Any(s => s.Kind == StreamKind.Attachment))
        {
            warnings.Add("Attachments (fonts and such) are kept in .mkv only.");
        }

        if (!IsExact && !video.Format.Demuxer.Contains("matroska", StringComparison.Ordinal))
        {
            warnings.Add(
                "MKV counts time in milliseconds: timestamps of the result are rounded; .mp4 and .mov keep them to the tick."
            );
        }

        return warnings;
    }

    /// <summary>The first stream that does not fit; null: all do.</summary>
    private ProbedStream? Misfit(ProbedVideo video) =>
        Kept(video)
            .FirstOrDefault(stream =>
                stream.Kind switch
                {
                    StreamKind.Audio => !HoldsAudio(stream.Codec),
                    StreamKind.Subtitle => SubtitleCodec(stream.Codec) is null,
                    _ => false,
                }
            );

    /// <summary>The target's streams beside the fused one that get into the result, in order.</summary>
    internal IEnumerable<ProbedStream> Kept(ProbedVideo video) =>
        video.Streams.Where(s =>
            s.Kind switch
            {
                StreamKind.Audio or StreamKind.Subtitle => true,
                StreamKind.Video => s.IsPicture && s.Codec is "mjpeg" or "png",
                StreamKind.Attachment => Muxer == "matroska",
                _ => false,
            }
        );

    /// <summary><c>copy</c>, the codec to convert to, or null: cannot be kept.</summary>
    internal string? SubtitleCodec(string codec) =>
        Muxer switch
        {
            "matroska" => MkvSubtitles.Contains(codec) ? "copy"
            : codec == "mov_text" ? "subrip"
            : null,
            _ => codec is "mov_text" || (Muxer == "mp4" && codec == "dvd_subtitle") ? "copy"
            : TextSubtitles.Contains(codec) ? "mov_text"
            : null,
        };

    private bool HoldsAudio(string codec) =>
        Muxer switch
        {
            "mp4" => Mp4Audio.Contains(codec),
            "mov" => MovAudio.Contains(codec) || codec.StartsWith("pcm_", StringComparison.Ordinal),
            _ => codec != "unknown",
        };

    private static string Better(ProbedStream stream) =>
        stream.Codec.StartsWith("pcm_", StringComparison.Ordinal) ? ".mov or .mkv" : ".mkv";
}
