using System.Runtime.CompilerServices;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Decoding.Card;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Decoding.Card;

/// <summary>What is around a card's decoder, with ffmpeg in its place; the decoder itself is tried where there is a card.</summary>
public sealed class CardFramesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("h264-closed-gop", 0, 0)]
    [InlineData("h264-closed-gop", 29, 62)]
    [InlineData("h264-negative-cts", 0, 0)]
    [InlineData("h264-negative-cts", 41, 70)]
    [InlineData("h264-film-rate", 60, 61)]
    [InlineData("h264-long-gop", 33, 50)]
    public void Read_FramesOfARange_AreThoseOfTheCpu(string clip, int start, int end)
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, clip);
        FrameRange range = new(start, end == 0 ? source.Table.Count : end);

        Assert.Equal(ByCpu(source, range), ByCard(source, source.Table, range));
    }

    [Fact]
    public void Read_AnotherTimestampThanTheTablesHas_SaysAtWhichFrame()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
        long[] pts = [.. source.Table.RawPts];
        pts[40]++;
        FrameTable wrong = new(source.Table.TimeBase, pts, source.Table.KeyPts, source.Table.ContainerStart);

        InvalidVideoException e = Assert.Throws<InvalidVideoException>(() => ByCard(source, wrong, new(35, 50)));

        Assert.Equal("video-frames-differ", e.Code);
        Assert.Contains("frame 40", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Read_FewerFramesThanTheTableHas_SaysThatItIsCut()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
        long[] pts = [.. source.Table.RawPts, source.Table.RawPts[^1] + 512];
        FrameTable longer = new(source.Table.TimeBase, pts, source.Table.KeyPts, source.Table.ContainerStart);

        InvalidVideoException e = Assert.Throws<InvalidVideoException>(() =>
            ByCard(source, longer, new(pts.Length - 5, pts.Length))
        );

        Assert.Equal("video-truncated", e.Code);
    }

    [Fact]
    public void Read_CardThatIsNotThere_GoesOnByTheCpu_AndIsNotTriedAgain()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
        MediaTools tools = MediaTools.Locate();
        tools.Decoder = new HardwareDecoder(99, "h264");
        using FramePool pool = new(FrameFormats.Of(source.Video.Format), 1);
        Frame frame = pool.Rent(Stop);
        using FrameReader reader = new(tools, source.Path, source.Video.Format, source.Table, new(29, 32));

        List<byte[]> frames = [];
        while (reader.Read(frame, Stop))
        {
            frames.Add(frame.Bytes.ToArray());
        }

        reader.Finish(Stop);
        Assert.Null(tools.Decoder);
        Assert.Equal(ByCpu(source, new(29, 32)), frames);
    }

    [Fact]
    public void Read_DriverWithoutItsDecoder_IsAnErrorOfTheDecoder()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
        FrameRange range = new(0, 1);
        CardFrames frames = new(
            Clips.Tools,
            source.Path,
            Plan(source, source.Table, range),
            () => throw new DllNotFoundException("libnvcuvid.so.1")
        );

        MediaToolException e = Assert.Throws<MediaToolException>(() => Frames(source, range, frames));

        Assert.Equal("decode-failed", e.Code);
        Assert.Contains("video capability", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Sizes of the C structures on 64-bit Linux, as its header has them.</summary>
    [Fact]
    public void Structures_AreAsLongAsTheDriversAre()
    {
        Assert.Equal(136, Unsafe.SizeOf<CuvidStructs.ParserParameters>());
        Assert.Equal(64, Unsafe.SizeOf<CuvidStructs.Sequence>());
        Assert.Equal(176, Unsafe.SizeOf<CuvidStructs.DecoderParameters>());
        Assert.Equal(24, Unsafe.SizeOf<CuvidStructs.Shown>());
        Assert.Equal(32, Unsafe.SizeOf<CuvidStructs.Packet>());
        Assert.Equal(264, Unsafe.SizeOf<CuvidStructs.Mapping>());
        Assert.Equal(192, Unsafe.SizeOf<CuvidStructs.Status>());
        Assert.Equal(128, Unsafe.SizeOf<CuvidStructs.Copy>());
    }

    private static List<byte[]> ByCpu(PreparedSource source, FrameRange range) =>
        Frames(source, range, new PipedFrames(Clips.Tools, source.Path, Plan(source, source.Table, range)));

    private static List<byte[]> ByCard(PreparedSource source, FrameTable table, FrameRange range)
    {
        DecodePlan plan = Plan(source, table, range);
        VideoFormat format = source.Video.Format;
        return Frames(
            source,
            range,
            new CardFrames(
                Clips.Tools,
                source.Path,
                plan,
                () =>
                    new CpuPictures(
                        Clips.Tools,
                        format.Codec,
                        FrameFormats.Of(format).FrameBytes,
                        table.RawPts[plan.First],
                        table.RawPts[range.End - 1]
                    )
            )
        );
    }

    private static DecodePlan Plan(PreparedSource source, FrameTable table, FrameRange range) =>
        DecodePlan.For(source.Video.Format, table, range);

    private static List<byte[]> Frames(PreparedSource source, FrameRange range, IFrames frames)
    {
        using FramePool pool = new(FrameFormats.Of(source.Video.Format), 1);
        Frame frame = pool.Rent(Stop);
        List<byte[]> read = [];
        using (frames)
        {
            for (int i = 0; i < range.Length; i++)
            {
                frames.Read(frame, Stop);
                read.Add(frame.Bytes.ToArray());
            }

            frames.Finish(Stop);
        }

        pool.Return(frame);
        return read;
    }
}
