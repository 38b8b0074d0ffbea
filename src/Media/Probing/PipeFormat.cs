using System.Globalization;
using System.Text.RegularExpressions;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>The planar YUV format in which the frames of a stream travel through the pipe.</summary>
/// <param name="Name">ffmpeg's name: one of yuv420p, yuv422p, yuv444p, 8 bit or with the suffix 10le.</param>
/// <param name="IsFullRange">The source's format name itself says full range (yuvj…).</param>
/// <param name="Warning">What the conversion loses; null where the decoder's planes travel untouched.</param>
/// <param name="IsFromRgb">The source has no YUV matrix; ours is BT.601, limited range.</param>
internal sealed partial record PipeFormat(string Name, bool IsFullRange, string? Warning, bool IsFromRgb)
{
    /// <exception cref="InvalidVideoException"><c>video-pixel-format</c>: nothing sensible to convert to.</exception>
    public static PipeFormat For(string native)
    {
        string planar = native.Replace("yuvj", "yuv", StringComparison.Ordinal);
        if (planar is "yuv420p" or "yuv422p" or "yuv444p" or "yuv420p10le" or "yuv422p10le" or "yuv444p10le")
        {
            return new PipeFormat(planar, planar != native, null, false);
        }

        bool fromRgb = RgbName().IsMatch(native);
        string chroma = native switch
        {
            _ when fromRgb || native is "pal8" => "yuv444p",
            "yuv440p" or "yuvj440p" or "yuva444p" or "ayuv64le" => "yuv444p",
            _ when native.Contains("444", StringComparison.Ordinal)
                    || native.Contains("440", StringComparison.Ordinal)
                    || native.StartsWith("p4", StringComparison.Ordinal) => "yuv444p",
            _ when native.Contains("422", StringComparison.Ordinal)
                    || native.Contains("411", StringComparison.Ordinal)
                    || native.StartsWith("p21", StringComparison.Ordinal)
                    || native.StartsWith("nv16", StringComparison.Ordinal) => "yuv422p",
            _ when native.Contains("420", StringComparison.Ordinal)
                    || native.Contains("410", StringComparison.Ordinal)
                    || native.StartsWith("p01", StringComparison.Ordinal)
                    || native.StartsWith("gray", StringComparison.Ordinal)
                    || native is "nv12" or "nv21" or "ya8" or "monow" or "monob" => "yuv420p",
            _ => throw new InvalidVideoException(
                "video-pixel-format",
                $"The target's pixel format {native} is not supported: convert it to yuv420p first."
            ),
        };
        int bits = BitsOf(native);
        string name = bits > 8 ? chroma + "10le" : chroma;
        string warning =
            bits > 10 ? $"Pixel format {native} ({bits} bit) travels and is encoded as {name}: 10 bits are kept."
            : fromRgb || native == "pal8"
                ? $"Pixel format {native} is converted to {name} (BT.601): colours may move by one step, transparency is dropped."
            : $"Pixel format {native} travels and is encoded as {name}; transparency, if any, is dropped.";
        return new PipeFormat(name, false, warning, fromRgb || native == "pal8");
    }

    private static int BitsOf(string native)
    {
        // gbrp10le, yuv420p12be, gray16le end in the bits of a sample; p010le has its bits in the name; rgb48 and rgba64 count the pixel.
        Match match = Depth().Match(native);
        if (!match.Success)
        {
            return 8;
        }

        int number = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return number is 48 or 64 ? 16
            : number is >= 9 and <= 16 ? number
            : 8;
    }

    [GeneratedRegex("^(rgb|bgr|gbr|argb|abgr|0rgb|0bgr|x2rgb|x2bgr)")]
    private static partial Regex RgbName();

    [GeneratedRegex("(\\d\\d?)(le|be)$")]
    private static partial Regex Depth();
}
