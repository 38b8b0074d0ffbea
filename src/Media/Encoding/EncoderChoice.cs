using System.Globalization;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Encoding;

/// <summary>The encoder and its settings for one target: the same for every segment of a job, on every machine that works on it.</summary>
public sealed record EncoderChoice
{
    /// <summary>libx264, libx265, libsvtav1, h264_nvenc or hevc_nvenc; png for a still.</summary>
    public required string Encoder { get; init; }

    public required int Crf { get; init; }

    public required string Preset { get; init; }

    /// <summary>What the encoder is fed; differs from the frames' format only for odd sizes.</summary>
    public required string PixelFormat { get; init; }

    public required int Threads { get; init; }

    /// <summary>Number of the GPU that encodes, on this machine; null: the CPU encodes, or it is not known where.</summary>
    public int? Device { get; init; }

    /// <summary>One sentence for each thing that the viewer should know.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>
    /// What a recipe without an encoder leaves open goes to the GPU's where the machine has one that takes the target; a preset is a
    /// choice of a CPU's encoder. Whether a machine has the GPU's encoder that the recipe names is said by <see cref="Here"/> alone.
    /// </summary>
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
        string encoder =
            settings.Encoder
            ?? (interlaced || settings.Preset is not null ? null : tools.Encoder?.For(format))
            ?? ((deep || highRange) && !interlaced ? "libx265" : "libx264");
        bool isOfCard = HardwareEncoder.IsName(encoder);
        if (!isOfCard && !tools.Encoders.Contains(encoder))
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

        if (isOfCard && HardwareEncoder.WhyNot(encoder, format) is string reason)
        {
            throw new InvalidRecipeException(
                "encoder-pixel-format",
                $"{encoder} {reason}: use --encoder libx264 or libx265."
            );
        }

        List<string> warnings = [];
        string pixelFormat = isOfCard ? HardwareEncoder.FedWith(format.PixelFormat) : ForOddSize(format, warnings);
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

    /// <summary>The same where the work is done: on a machine that must have the encoder.</summary>
    /// <exception cref="InvalidRecipeException">As <see cref="For"/> has it.</exception>
    public static EncoderChoice Here(VideoFormat format, EncodeSettings settings, MediaTools tools)
    {
        EncoderChoice choice = For(format, settings, tools);
        if (!HardwareEncoder.IsName(choice.Encoder))
        {
            return choice;
        }

        return tools.Encoder is { } card && card.Has(choice.Encoder, format)
            ? choice with
            {
                Device = card.Device,
            }
            : throw new InvalidRecipeException(
                "encoder-missing",
                $"This worker has no {choice.Encoder} that works: {tools.Encoder?.Fault ?? "its models run on no GPU of NVIDIA"}. "
                    + "Use --encoder libx264, or none, which takes a GPU's where there is one."
            );
    }

    /// <summary>A GPU's encoder at its defaults.</summary>
    /// <param name="encoder">Its name.</param>
    /// <param name="pixelFormat">Of the frames.</param>
    /// <param name="device">Number of the GPU.</param>
    internal static EncoderChoice OfCard(string encoder, string pixelFormat, int device) =>
        new()
        {
            Encoder = encoder,
            Crf = DefaultCrf(encoder),
            Preset = CheckedPreset(encoder, null),
            PixelFormat = HardwareEncoder.FedWith(pixelFormat),
            Threads = 1,
            Warnings = [],
            Device = device,
        };

    /// <summary>For people: name, quality and preset.</summary>
    public override string ToString() =>
        Encoder == "png" ? Encoder
        : HardwareEncoder.IsName(Encoder) ? $"{Encoder}, cq {Crf}, preset {Preset}"
        : $"{Encoder}, crf {Crf}, preset {Preset}";

    /// <summary>ffmpeg's output options: codec, quality, closed groups of pictures, colour tags.</summary>
    internal IEnumerable<string> Arguments(VideoFormat format)
    {
        int group = (int)Math.Clamp(Math.Round(2 * format.FrameRate.ToDouble()), 12, 300);
        List<string> arguments = ["-c:v", Encoder, "-pix_fmt", PixelFormat, "-preset", Preset, "-g", Text(group)];
        if (!HardwareEncoder.IsName(Encoder))
        {
            arguments.AddRange(["-threads", Text(Threads), "-crf", Text(Crf)]);
        }

        switch (Encoder)
        {
            case HardwareEncoder.H264 or HardwareEncoder.Hevc:
                arguments.AddRange(HardwareEncoder.Arguments(this));
                break;
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

    /// <summary>
    /// What the eye cannot tell from the original at the default preset. A GPU's scale is not the same: one above the CPU's is what is usual,
    /// and was not looked at on a card.
    /// </summary>
    private static int DefaultCrf(string encoder) =>
        encoder switch
        {
            "libx264" => 18,
            HardwareEncoder.H264 => 19,
            "libx265" => 20,
            HardwareEncoder.Hevc => 21,
            _ => 28,
        };

    private static string CheckedPreset(string encoder, string? preset)
    {
        bool isOfCard = HardwareEncoder.IsName(encoder);
        if (preset is null)
        {
            return isOfCard ? "p4"
                : encoder == "libsvtav1" ? "9"
                : "veryfast";
        }

        bool known =
            isOfCard ? preset is ['p', >= '1' and <= '7']
            : encoder == "libsvtav1"
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
                $"{encoder} has no preset {preset}: use ultrafast to veryslow, 0 to 13 for libsvtav1, or p1 to p7 for a GPU's encoder."
            );
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
