using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Assembling;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Stills;

namespace FaceFusion.Batch.Media.Tests.Stills;

public sealed class StillTests : IDisposable
{
    // Red left, blue right: which side is up shows in one look.
    private const string TwoColours = "color=red:s=120x80,drawbox=x=60:w=60:color=blue:t=fill,format=rgb24";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg")]
    [InlineData(".webp")]
    [InlineData(".bmp")]
    [InlineData(".tiff")]
    public void Read_Photo_IsFullRange444(string extension)
    {
        string path = Clips.Make(
            "-f",
            "lavfi",
            "-i",
            TwoColours,
            "-frames:v",
            "1",
            "-pix_fmt",
            PixelFormatOf(extension),
            _folder.File("p" + extension)
        );
        using Photo photo = new StillReader(Clips.Tools).Read(path, TestContext.Current.CancellationToken);

        Assert.Equal(
            (120, 80, ChromaLayout.Yuv444),
            (photo.Frame.Format.Width, photo.Frame.Format.Height, photo.Frame.Format.Chroma)
        );
        Assert.True(photo.Frame.Format.FullRange);
        AssertRed(photo.Frame, 10, 40);
        AssertBlue(photo.Frame, 110, 40);
    }

    [Fact]
    public void Read_TurnedByExif_IsUpright()
    {
        string plain = Clips.Make(
            "-f",
            "lavfi",
            "-i",
            TwoColours,
            "-frames:v",
            "1",
            "-pix_fmt",
            "yuvj444p",
            _folder.File("p.jpg")
        );
        string path = _folder.File("turned.jpg");
        File.WriteAllBytes(path, WithOrientation(File.ReadAllBytes(plain), 6));

        using Photo photo = new StillReader(Clips.Tools).Read(path, TestContext.Current.CancellationToken);

        // 6: the camera was turned; shown upright the left side is on top.
        Assert.Equal((80, 120), (photo.Frame.Format.Width, photo.Frame.Format.Height));
        AssertRed(photo.Frame, 40, 10);
        AssertBlue(photo.Frame, 40, 110);
    }

    [Theory]
    [InlineData("", "source-empty")]
    [InlineData("hello", "source-not-image")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "source-not-image")]
    [InlineData("\u00FF\u00D8\u00FF not a JPEG after all", "source-not-image")]
    public void Read_NoPhoto_SaysSo(string content, string code)
    {
        string path = _folder.File("photo.jpg");
        File.WriteAllText(path, content, System.Text.Encoding.Latin1);
        AssertRefused(code, path);
    }

    [Fact]
    public void Read_NoFile_SaysMissing() => AssertRefused("source-missing", _folder.File("none.jpg"));

    [Fact]
    public void Read_PixelBomb_SaysTooLarge() =>
        AssertRefused("source-too-large", Clips.PngBomb(_folder.File("bomb.png"), 16_000, 16_000));

    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg")]
    [InlineData(".webp")]
    public async Task Join_StillTarget_GivesThePictureBack(string extension)
    {
        string target = Clips.Make("-f", "lavfi", "-i", TwoColours, "-frames:v", "1", _folder.File("target.png"));
        CancellationToken stop = TestContext.Current.CancellationToken;
        ProbedVideo video = new VideoProbe(Clips.Tools).Read(target, stop);
        FrameTable table = new FrameTableBuilder(Clips.Tools).Build(target, video, stop).Table;
        Assert.True(video.Format.IsStill);
        Assert.Equal(1, table.Count);
        string segment = _folder.File("segment");
        using (FramePool pool = new(FrameFormats.Of(video.Format), 1))
        {
            Frame frame = pool.Rent(stop);
            using FrameReader reader = new(Clips.Tools, target, video.Format, table, table.All);
            using SegmentWriter writer = new(
                Clips.Tools,
                segment,
                video.Format,
                table,
                table.All,
                EncoderChoice.Here(video.Format, new EncodeSettings(), Clips.Tools)
            );
            Assert.True(reader.Read(frame, stop));
            Assert.False(reader.Read(frame, stop));
            reader.Finish();
            writer.Write(frame, stop);
            Assert.Equal(1, writer.Finish(stop).Frames);
            pool.Return(frame);
        }

        string output = _folder.File("result" + extension);
        JoinedVideo joined = await new SegmentJoiner(Clips.Tools).JoinAsync(
            new JoinOrder
            {
                Target = target,
                Video = video,
                Table = table,
                Segments = [new JoinSegment(new FrameRange(0, 1), segment)],
                Output = output,
                ScratchFolder = _folder.Path,
            },
            stop
        );

        Assert.Equal(1, joined.Verification.FramesFound);
        Assert.True(joined.CpuMilliseconds > 0);
        using Photo photo = new StillReader(Clips.Tools).Read(output, stop);
        AssertRed(photo.Frame, 10, 40);
        AssertBlue(photo.Frame, 110, 40);
    }

    private static string PixelFormatOf(string extension) =>
        extension switch
        {
            ".jpg" => "yuvj420p",
            ".webp" => "yuv420p",
            ".bmp" => "bgr24",
            _ => "rgb24",
        };

    private static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            0xFF,
            0xE1,
            0,
            34,
            (byte)'E',
            (byte)'x',
            (byte)'i',
            (byte)'f',
            0,
            0,
            (byte)'M',
            (byte)'M',
            0,
            42,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            orientation,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    private static void AssertRed(Frame frame, int x, int y) => AssertColour(frame, x, y, 76, 85, 255);

    private static void AssertBlue(Frame frame, int x, int y) => AssertColour(frame, x, y, 29, 255, 107);

    private static void AssertColour(Frame frame, int x, int y, int luma, int blue, int red)
    {
        int at = (y * frame.Format.Width) + x;
        Assert.InRange(frame.Plane(0)[at], luma - 6, luma + 6);
        Assert.InRange(frame.Plane(1)[at], Math.Max(0, blue - 6), Math.Min(255, blue + 6));
        Assert.InRange(frame.Plane(2)[at], Math.Max(0, red - 6), Math.Min(255, red + 6));
    }

    private static void AssertRefused(string code, string path)
    {
        InvalidRecipeException refused = Assert.Throws<InvalidRecipeException>(() =>
            new StillReader(Clips.Tools).Read(path)
        );
        Assert.Equal(code, refused.Code);
    }
}
