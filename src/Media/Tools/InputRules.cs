namespace FaceFusion.Batch.Media.Tools;

/// <summary>What ffmpeg and ffprobe may open: files only, the demuxers we know, and no picture above 8K.</summary>
public static class InputRules
{
    /// <summary>7680 × 4320: the largest picture that is decoded.</summary>
    public const long MaxPixels = 33_177_600;

    /// <summary>Demuxers of video targets. Playlists, scripts and anything that names other files are not among them.</summary>
    public const string VideoDemuxers = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi";

    /// <summary>Demuxers of photos, each of which reads one file.</summary>
    public const string PhotoDemuxers = "jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe";

    /// <summary>Arguments in front of and including the input. The path can neither be taken for an option nor for a protocol.</summary>
    public static IEnumerable<string> Open(string path, string demuxers, bool asPhoto = false)
    {
        foreach (string argument in Fences(demuxers))
        {
            yield return argument;
        }

        if (asPhoto)
        {
            // Forced: left to itself, ffmpeg takes an image for a numbered sequence by its name.
            yield return "-f";
            yield return demuxers;
        }

        yield return "-i";
        yield return FileUrl(path);
    }

    /// <summary>The fences alone, for an input that needs more options before its name.</summary>
    public static IEnumerable<string> Fences(string demuxers) =>
        [
            "-protocol_whitelist",
            "file",
            "-format_whitelist",
            demuxers,
            "-max_pixels",
            MaxPixels.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ];

    public static string FileUrl(string path) => "file:" + Path.GetFullPath(path);
}
