using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Formats;

namespace FaceFusion.Batch.Media.Tests.Formats;

public sealed class FrameFormatsTests
{
    /// <summary>Players take untagged small video for BT.601 and untagged large video for BT.709: the colours would change with the size.</summary>
    [Theory]
    [InlineData(400, 300, "unknown", "smpte170m")]
    [InlineData(1280, 720, "unknown", "unknown")]
    [InlineData(400, 300, "bt709", "bt709")]
    public void Enlarged_MeansTheSameColours(int width, int height, string space, string expected)
    {
        VideoFormat format = Format(width, height, space);
        VideoFormat larger = FrameFormats.Enlarged(format, 4);

        Assert.Equal((4 * width, 4 * height, expected), (larger.Width, larger.Height, larger.ColorSpace));
        Assert.Equal(FrameFormats.Of(format).Matrix, FrameFormats.Of(larger).Matrix);
        Assert.Same(format, FrameFormats.Enlarged(format, 1));
    }

    [Theory]
    [InlineData(3840, 2160, 4)]
    [InlineData(2049, 16, 8)]
    public void Enlarged_BeyondWhatEncodersTake_IsRefused(int width, int height, int scale)
    {
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(() =>
            FrameFormats.Enlarged(Format(width, height, "bt709"), scale)
        );

        Assert.Equal("upscale-size", e.Code);
        Assert.Contains($"{width * scale} × {height * scale}", e.Message, StringComparison.Ordinal);
    }

    private static VideoFormat Format(int width, int height, string space) =>
        new()
        {
            Width = width,
            Height = height,
            PixelFormat = "yuv420p",
            TimeBase = new Rational(1, 25),
            FrameRate = new Rational(25, 1),
            ColorSpace = space,
            Demuxer = "mov,mp4",
            Codec = "h264",
        };
}
