namespace FaceFusion.Batch.Media.Stills;

/// <summary>Recognises pictures by their first bytes, never by their name.</summary>
public static class PhotoKind
{
    /// <summary>ffmpeg's demuxer for the picture at <paramref name="path"/>; null: not a picture that we read.</summary>
    public static string? DemuxerOf(string path)
    {
        Span<byte> head = stackalloc byte[16];
        using FileStream file = File.OpenRead(path);
        int count = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return DemuxerOf(head[..count]);
    }

    /// <summary>As above, from the file's first 12 bytes or more.</summary>
    public static string? DemuxerOf(ReadOnlySpan<byte> head) =>
        head switch
        {
            [0xFF, 0xD8, 0xFF, ..] => "jpeg_pipe",
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "png_pipe",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] =>
                "webp_pipe",
            [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "bmp_pipe",
            [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "tiff_pipe",
            _ => null,
        };
}
