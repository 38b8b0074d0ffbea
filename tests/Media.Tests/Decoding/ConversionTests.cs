using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Decoding;

/// <summary>Sources whose own pixel format cannot travel through the pipe.</summary>
public sealed class ConversionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ffv1", "bgr0", ".mkv", "yuv444p")]
    [InlineData("ffv1", "gbrp10le", ".mkv", "yuv444p10le")]
    [InlineData("ffv1", "yuva420p", ".mkv", "yuv420p")]
    [InlineData("ffv1", "yuv422p12le", ".mkv", "yuv422p10le")]
    [InlineData("ffv1", "yuv411p", ".mkv", "yuv422p")]
    [InlineData("png", "rgba", ".mov", "yuv444p")]
    [InlineData("rawvideo", "nv12", ".avi", "yuv420p")]
    public void Read_ConvertedFormat_KeepsPictureAndOrder(string codec, string native, string extension, string pipe)
    {
        string path = Make($"{codec}{extension}", codec, native, "testsrc2=s=160x96:d=1");
        PreparedSource source = PreparedSource.Prepare(Clips.Tools, path);

        Assert.Equal(pipe, source.Video.Format.PixelFormat);
        Assert.Contains(source.Video.Warnings, w => w.Contains(native, StringComparison.Ordinal));
        Assert.Equal(25, source.Numbers.Count);
    }

    [Theory]
    [InlineData("gbrp10le")]
    [InlineData("bgr0")]
    public void Read_Red_IsRedByItsTags(string native)
    {
        string path = Make("red.mkv", "ffv1", native, "color=red:s=64x64:d=1");
        ProbedVideo video = new VideoProbe(Clips.Tools).Read(path, TestContext.Current.CancellationToken);
        FrameFormat format = FrameFormats.Of(video.Format);
        Assert.Equal((YuvMatrix.Bt601, false), (format.Matrix, format.FullRange));
        FrameTable table = new FrameTableBuilder(Clips.Tools)
            .Build(path, video, TestContext.Current.CancellationToken)
            .Table;
        using FramePool pool = new(format, 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using FrameReader reader = new(Clips.Tools, path, video.Format, table, new(0, 1));
        Assert.True(reader.Read(frame, TestContext.Current.CancellationToken));

        // Red in BT.601, limited range.
        Assert.InRange(Sample(frame, 0), 80, 83);
        Assert.InRange(Sample(frame, 1), 89, 92);
        Assert.InRange(Sample(frame, 2), 239, 241);
        pool.Return(frame);
    }

    private static int Sample(Frame frame, int plane) =>
        frame.Format.BitDepth > 8
            ? frame.Plane16(plane)[2_000] >> (frame.Format.BitDepth - 8)
            : frame.Plane(plane)[2_000];

    private string Make(string name, string codec, string native, string picture) =>
        Clips.Make("-f", "lavfi", "-i", picture, "-c:v", codec, "-pix_fmt", native, _folder.File(name));
}
