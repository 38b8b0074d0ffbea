using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Media.Formats;

/// <summary>From the stream's tags to the layout and meaning of its frames.</summary>
public static class FrameFormats
{
    /// <exception cref="InvalidVideoException"><c>video-pixel-format</c>: not one of the planar formats that travel through the pipe.</exception>
    public static FrameFormat Of(VideoFormat video)
    {
        (ChromaLayout chroma, int bits) = video.PixelFormat switch
        {
            "yuv420p" => (ChromaLayout.Yuv420, 8),
            "yuv422p" => (ChromaLayout.Yuv422, 8),
            "yuv444p" => (ChromaLayout.Yuv444, 8),
            "yuv420p10le" => (ChromaLayout.Yuv420, 10),
            "yuv422p10le" => (ChromaLayout.Yuv422, 10),
            "yuv444p10le" => (ChromaLayout.Yuv444, 10),
            _ => throw new InvalidVideoException(
                "video-pixel-format",
                $"Pixel format {video.PixelFormat} cannot travel through the pipe: probe the target again."
            ),
        };
        bool fullRange = video.ColorRange == "pc";
        return new FrameFormat(
            video.Width,
            video.Height,
            chroma,
            bits,
            MatrixOf(video),
            fullRange,
            SitingOf(video, fullRange)
        );
    }

    /// <summary>Longest edge of an enlarged picture in pixels: what H.264, HEVC and AV1 can hold.</summary>
    public const int LongestEdge = 16_384;

    /// <summary>Most pixels of an enlarged picture; one frame of them is at most 384 MiB (4:4:4 of 10 bit).</summary>
    public const long MostPixels = 8_192L * 8_192;

    /// <summary>The format of the target's frames enlarged, which mean the same colours at another size.</summary>
    /// <param name="scale">Larger over smaller width and height, from 1.</param>
    /// <exception cref="InvalidRecipeException"><c>upscale-size</c>: larger than any encoder takes.</exception>
    public static VideoFormat Enlarged(VideoFormat video, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        if (scale == 1)
        {
            return video;
        }

        long width = (long)video.Width * scale;
        long height = (long)video.Height * scale;
        if (Math.Max(width, height) > LongestEdge || width * height > MostPixels)
        {
            throw new InvalidRecipeException(
                "upscale-size",
                $"Enlarged {scale} times, the target's {video.Width} × {video.Height} pixels become {width} × {height}: more than "
                    + $"{MostPixels / 1_000_000} million, or an edge of more than {LongestEdge}. Give processors.upscale.outputScale a smaller value."
            );
        }

        VideoFormat larger = video with { Width = (int)width, Height = (int)height };

        // What players assume of untagged video depends on its size, so it is said where the size alone would change it.
        return MatrixOf(larger) == MatrixOf(video) ? larger : larger with { ColorSpace = "smpte170m" };
    }

    private static YuvMatrix MatrixOf(VideoFormat video) =>
        video.ColorSpace switch
        {
            "bt709" => YuvMatrix.Bt709,
            "bt2020nc" or "bt2020c" => YuvMatrix.Bt2020,
            "smpte170m" or "bt470bg" or "fcc" or "smpte240m" => YuvMatrix.Bt601,
            // Untagged: what players assume.
            _ => video.Height > 576 || video.Width > 1024 ? YuvMatrix.Bt709 : YuvMatrix.Bt601,
        };

    private static ChromaSiting SitingOf(VideoFormat video, bool fullRange) =>
        video.ChromaLocation switch
        {
            "left" => ChromaSiting.Left,
            "center" => ChromaSiting.Center,
            "topleft" => ChromaSiting.TopLeft,
            // Untagged: JPEG and MPEG-1 centre their chroma, all later codecs put it left.
            _ => (fullRange && video.Codec == "mjpeg") || video.Codec == "mpeg1video"
                ? ChromaSiting.Center
                : ChromaSiting.Left,
        };
}
