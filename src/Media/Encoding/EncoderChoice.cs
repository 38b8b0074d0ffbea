using System.Globalization;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Encoding;

/// <summary>The encoder and its settings for one target: the same for every segment of a job, on every machine.</summary>
public sealed record EncoderChoice
{
    /// <summary>libx264, libx265 or libsvtav1; png for a still.</summary>
    public required string Encoder { get; init; }

    public required int Crf { get; init; }

    public required string Preset { get; init; }

    /// <summary>What the encoder is fed; differs from the frames' format only for odd sizes.</summary>
    public required string PixelFormat { get; init; }

    public required int Threads { get; init; }

    /// <summary>One sentence for each thing that the viewer should know.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <exception cref="InvalidRecipeException">
    /// <c>encoder-missing</c>, <c>encoder-pixel-format</c>, <c>encoder-interlaced</c>, <c>encoder-preset</c>.
    /// </exception>
    public static EncoderChoice For(VideoFormat format, EncodeSettings settings, MediaTools tools)
    {
        if (format.IsStill)
        {
            return new EncoderChoice
            {
                Encoder = "png",
                Crf = 0,
                Preset = "",
                PixelFormat = "rgb24",
                Threads = 1,
                Warnings = [],
            };
        }

        bool deep = format.PixelFormat.EndsWith("10le", StringComparison.Ordinal);
        bool interlaced = FieldFilter(format.FieldOrder) != "prog";
        bool highRange = format.ColorTransfer is "smpte2084" or "arib-std-b67";
        string encoder = settings.Encoder ?? ((deep || highRange) && !interlaced ? "libx265" : "libx264");
        if (!tools.Encoders.Contains(encoder))
        {
            throw new InvalidRecipeException(
                "encoder-missing",
                $"This ffmpeg has no encoder {encoder}: install a full ffmpeg, or choose another with --encoder."
            );
        }

        if (interlaced && encoder != "libx264")
        {
            throw new InvalidRecipeException(
                "encoder-interlaced",
                $"{encoder} cannot keep the target's interlaced fields: use --encoder libx264."
            );
        }

        List<string> warnings = [];
        string pixelFormat = ForOddSize(format, warnings);
        if (encoder == "libsvtav1" && !pixelFormat.StartsWith("yuv420p", StringComparison.Ordinal))
        {
            throw new InvalidRecipeException(
                "encoder-pixel-format",
                $"libsvtav1 cannot encode {pixelFormat}: use --encoder libx264 or libx265."
            );
        }

        long pixels = (long)format.Width * format.Height;
        return new EncoderChoice
        {
            Encoder = encoder,
            Crf = settings.Crf ?? DefaultCrf(encoder),
            Preset = CheckedPreset(encoder, settings.Preset),
            PixelFormat = pixelFormat,
            // By picture size alone, never by the machine: the thread count is part of what the encoder writes.
            Threads =
                pixels <= 640 * 480 ? 1
                : pixels <= 1920 * 1088 ? 2
                : 4,
            Warnings = warnings,
        };
    }

    /// <summary>ffmpeg's output options: codec, quality, closed groups of pictures, colour tags.</summary>
    internal IEnumerable<string> Arguments(VideoFormat format)
    {
        List<string> arguments = ["-c:v", Encoder, "-pix_fmt", PixelFormat, "-threads", Text(Threads)];
        int group = (int)Math.Clamp(Math.Round(2 * format.FrameRate.ToDouble()), 12, 300);
        arguments.AddRange(["-preset", Preset, "-crf", Text(Crf), "-g", Text(group)]);
        switch (Encoder)
        {
            case "libx264":
                arguments.AddRange(["-bf", "2", "-x264-params", "open-gop=0"]);
                break;
            case "libx265":
                arguments.AddRange(["-tag:v", "hvc1", "-x265-params", X265Parameters(format)]);
                break;
            default:
                // 2: every key frame is closed; lp: its thread count.
                arguments.AddRange(["-svtav1-params", $"irefresh-type=2:lp={Threads}"]);
                break;
        }

        if (FieldFilter(format.FieldOrder) != "prog")
        {
            arguments.AddRange(["-flags", "+ildct+ilme"]);
        }

        arguments.AddRange(ColorTags.Arguments(format));
        return arguments;
    }

    /// <summary>The value of ffmpeg's <c>setfield</c> filter: which field is shown first.</summary>
    internal static string FieldFilter(string fieldOrder) =>
        fieldOrder switch
        {
            "tt" or "bt" => "tff",
            "bb" or "tb" => "bff",
            _ => "prog",
        };

    private string X265Parameters(VideoFormat format)
    {
        string parameters = $"open-gop=0:bframes=2:log-level=error:pools={Threads}:frame-threads=1:repeat-headers=1";
        if (format.ColorTransfer == "smpte2084")
        {
            parameters += ":hdr10=1:hdr10-opt=1";
        }

        if (format.MasteringDisplay is not null)
        {
            parameters += $":master-display={format.MasteringDisplay}";
        }

        return format.ContentLightLevel is null ? parameters : $"{parameters}:max-cll={format.ContentLightLevel}";
    }

    private static string ForOddSize(VideoFormat format, List<string> warnings)
    {
        bool oddWidth = format.Width % 2 != 0 && !format.PixelFormat.StartsWith("yuv444p", StringComparison.Ordinal);
        bool oddHeight = format.Height % 2 != 0 && format.PixelFormat.StartsWith("yuv420p", StringComparison.Ordinal);
        if (!oddWidth && !oddHeight)
        {
            return format.PixelFormat;
        }

        // Subsampled H.264 and HEVC can neither code nor crop to an odd size; with full chroma they can.
        string full = format.PixelFormat.Replace("420", "444", StringComparison.Ordinal);
        full = full.Replace("422", "444", StringComparison.Ordinal);
        warnings.Add(
            $"The size {format.Width} × {format.Height} is odd: the result is encoded as {full} to keep it, which software players show but few hardware decoders do."
        );
        return full;
    }

    private static int DefaultCrf(string encoder) =>
        encoder switch
        {
            "libx264" => 18,
            "libx265" => 20,
            _ => 28,
        };

    private static string CheckedPreset(string encoder, string? preset)
    {
        if (preset is null)
        {
            return encoder == "libsvtav1" ? "9" : "veryfast";
        }

        bool known =
            encoder == "libsvtav1"
                ? int.TryParse(preset, CultureInfo.InvariantCulture, out int speed) && speed is >= 0 and <= 13
                : preset
                    is "ultrafast"
                        or "superfast"
                        or "veryfast"
                        or "faster"
                        or "fast"
                        or "medium"
                        or "slow"
                        or "slower"
                        or "veryslow"
                        or "placebo";
        return known
            ? preset
            : throw new InvalidRecipeException(
                "encoder-preset",
                $"{encoder} has no preset {preset}: use ultrafast to veryslow, or 0 to 13 for libsvtav1."
            );
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
