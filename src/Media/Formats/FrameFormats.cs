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
