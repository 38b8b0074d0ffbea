using System.Buffers.Text;

namespace FaceFusion.Batch.Media.Decoding;

/// <summary>One frame's line of ffmpeg's <c>showinfo</c> filter, parsed from bytes.</summary>
internal readonly ref struct ShowInfoLine(long? pts, int width, int height, bool isKey)
{
    /// <summary>In the stream's time base; null: the frame has none.</summary>
    public long? Pts { get; } = pts;
    public int Width { get; } = width;
    public int Height { get; } = height;
    public bool IsKey { get; } = isKey;

    /// <summary>False for every other line that ffmpeg writes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ShowInfoLine frame)
    {
        // "[Parsed_showinfo_1 @ 0x55] [info] n:   2 pts:   2002 pts_time:0.0667 pos: 11812 fmt:yuv420p sar:1/1 s:320x192 i:P iskey:0 type:P"
        frame = default;
        int filter = line.IndexOf("Parsed_showinfo"u8);
        if (filter < 0)
        {
            return false;
        }

        line = line[filter..];
        int at = line.IndexOf(" pts:"u8);
        int size = line.IndexOf(" s:"u8);
        int key = line.IndexOf(" iskey:"u8);
        if (at < 0 || size < at || key < size || line.IndexOf(" n:"u8) < 0)
        {
            return false;
        }

        long? pts = Utf8Parser.TryParse(line[(at + 5)..].TrimStart((byte)' '), out long value, out _) ? value : null;
        ReadOnlySpan<byte> picture = line[(size + 3)..];
        if (
            !Utf8Parser.TryParse(picture, out int width, out int used)
            || !Utf8Parser.TryParse(picture[(used + 1)..], out int height, out _)
        )
        {
            return false;
        }

        frame = new ShowInfoLine(pts, width, height, line[key + 7] == (byte)'1');
        return true;
    }
}
