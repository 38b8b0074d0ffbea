using System.Globalization;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Decoding;

/// <summary>
/// How to get exactly the frames of a range: where to seek, where to cut, and how many frames that share the first one's timestamp
/// come before it.
/// </summary>
internal sealed record DecodePlan
{
    public required VideoFormat Format { get; init; }
    public required FrameTable Table { get; init; }
    public required FrameRange Range { get; init; }

    /// <summary>Frames before the range that cannot be cut away by timestamp.</summary>
    public required int Skip { get; init; }

    /// <summary>PTS of the key frame to seek to; null: decode from the start.</summary>
    public required long? SeekPts { get; init; }

    /// <summary>Null: the CPU decodes.</summary>
    public HardwareDecoder? Decoder { get; init; }

    /// <summary>First frame, in table numbers, that comes out of the pipe.</summary>
    public int First => Range.Start - Skip;

    public static DecodePlan For(VideoFormat format, FrameTable table, FrameRange range)
    {
        if (range.Start < 0 || range.Length < 1 || range.End > table.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(range), $"{range} is not within [0, {table.Count}).");
        }

        int first = range.Start;
        while (first > 0 && table.RawPts[first - 1] == table.RawPts[range.Start])
        {
            first--;
        }

        return new DecodePlan
        {
            Format = format,
            Table = table,
            Range = range,
            Skip = range.Start - first,
            SeekPts = SeekTarget(table, table.RawPts[range.Start]),
        };
    }

    public DecodePlan FromTheStart() => this with { SeekPts = null };

    public IEnumerable<string> Arguments(string input)
    {
        List<string> arguments =
        [
            "-threads",
            (Decoder is null ? DecoderThreads : 1).ToString(CultureInfo.InvariantCulture),
            .. Decoder?.Arguments() ?? [],
        ];
        if (Format.IsStill)
        {
            // Photos are turned upright while they are read; there is nothing to seek in.
            arguments.AddRange(InputRules.Open(input, Format.Demuxer, asPhoto: true));
            arguments.AddRange(["-map", "0:v:0", "-vf", $"showinfo=checksum=0,{StillScale}"]);
        }
        else
        {
            arguments.AddRange([.. Opening(input), "-map", "0:V:0", "-vf", Cut()]);
        }

        arguments.AddRange(["-fps_mode", "passthrough", "-frames:v", $"{Range.Length + Skip}"]);
        arguments.AddRange(["-f", "rawvideo", "pipe:1"]);
        return arguments;
    }

    /// <summary>The target from where decoding is to begin, with its own timestamps.</summary>
    public IEnumerable<string> Opening(string input)
    {
        List<string> arguments = [.. InputRules.Fences(Format.Demuxer), "-noautorotate"];
        if (SeekPts is long key)
        {
            // Half a tick more, so that no rounding leads to the key frame before.
            double seconds = ((key + 0.5) * Format.TimeBase.Num / Format.TimeBase.Den) - Format.ContainerStart;
            arguments.AddRange(["-noaccurate_seek", "-ss", seconds.ToString("F6", CultureInfo.InvariantCulture)]);
        }

        return [.. arguments, "-copyts", "-i", InputRules.FileUrl(input)];
    }

    /// <summary>Full-range BT.601 4:4:4 for pictures: what JPEG has, and the closest to a PNG's RGB.</summary>
    internal const string StillScale =
        "scale=out_color_matrix=bt601:out_range=pc:flags=accurate_rnd+full_chroma_int+full_chroma_inp+bicubic,format=yuvj444p";

    // One slot decodes several times faster than it fuses; only large pictures gain from a second thread.
    private int DecoderThreads => (long)Format.Width * Format.Height > 1280 * 720 ? 2 : 1;

    private string Cut()
    {
        long start = Table.RawPts[First];
        long end = Table.RawPts[Range.End - 1] + 1;
        string cut = $"trim=start_pts={start}:end_pts={end}";
        return Decoder is null
            ? $"{cut},showinfo=checksum=0,{NativeFormat(Format)}"
            : $"{cut},{Decoder.Filter},showinfo=checksum=0";
    }

    /// <summary>The filter that pins the pipe's pixel format without converting the range.</summary>
    internal static string NativeFormat(VideoFormat format)
    {
        // The j-formats are the same bytes; naming both keeps ffmpeg from converting the range.
        string native = format.PixelFormat;
        string accepted =
            format.ColorRange == "pc" && !native.EndsWith("10le", StringComparison.Ordinal)
                ? $"{native}|{native.Replace("yuv", "yuvj", StringComparison.Ordinal)}"
                : native;
        return $"format=pix_fmts={accepted}";
    }

    private static long? SeekTarget(FrameTable table, long pts)
    {
        // The key frame before the last one that is not after the frame: one group of pictures more than needed, because open groups
        // refer back, intra refresh needs a run-up, and containers without an index land late. Seeking within the first two is no gain.
        int last = LastUpTo(table.KeyPts, pts);
        long? safe = last >= 2 ? table.KeyPts[last - 1] : null;

        // Where a decoder is known to begin anew it needs no run-up.
        int clean = LastUpTo(table.CleanStarts, pts);
        return clean > 0 && !(table.CleanStarts[clean] < safe) ? table.CleanStarts[clean] : safe;
    }

    /// <summary>Place of the last that is not after <paramref name="pts"/>; -1: there is none.</summary>
    private static int LastUpTo(long[] rising, long pts)
    {
        int found = Array.BinarySearch(rising, pts);
        return found >= 0 ? found : ~found - 1;
    }
}
