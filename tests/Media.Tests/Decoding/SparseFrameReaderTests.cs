using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Decoding;

public sealed class SparseFrameReaderTests
{
    [Theory]
    [InlineData("h264-closed-gop", 16)]
    [InlineData("h264-open-gop", 7)]
    [InlineData("hevc-10bit-open-gop", 199)]
    [InlineData("h264-closed-gop", 1)]
    [InlineData("h264-closed-gop", 5000)]
    public void Read_AnyNumberOfLooks_SpreadsThemOverTheWholeTarget(string name, int wanted)
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, name);
        using FramePool pool = new(FrameFormats.Of(source.Video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using SparseFrameReader reader = new(Clips.Tools, source.Path, source.Video.Format, source.Table, wanted);
        List<int> looks = [];
        while (reader.Read(frame, CancellationToken.None))
        {
            Assert.Equal(FrameNumbers.Read(frame), frame.Number);
            looks.Add(frame.Number);
        }

        pool.Return(frame);
        Assert.InRange(looks.Count, Math.Min(wanted, source.Table.Count), 2 * wanted);
        Assert.All(looks.Skip(1).Zip(looks), pair => Assert.Equal(reader.Stride, pair.First - pair.Second));
        Assert.Equal(0, looks[0]);
        Assert.InRange(looks[^1], source.Table.Count - reader.Stride, source.Table.Count - 1);
    }

    [Theory]
    [InlineData("h264-closed-gop")]
    [InlineData("vfr-mp4")]
    [InlineData("shared-timestamps-mkv")]
    [InlineData("edit-list")]
    public void Read_OneTimestampBetweenTwoLooksIsWrong_IsRefused(string name)
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, name);
        long[] pts = [.. source.Table.RawPts];
        pts[102]++;

        InvalidVideoException refused = Assert.Throws<InvalidVideoException>(() => Looks(source, pts));

        Assert.Equal(Failure.FramesDiffer, refused.Code);
        Assert.StartsWith("At frame 102 ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TableWithFramesMoreOrLessAtItsEnd_IsRefused()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
        long[] pts = source.Table.RawPts;

        InvalidVideoException more = Assert.Throws<InvalidVideoException>(() => Looks(source, [.. pts, pts[^1] + 1]));
        InvalidVideoException less = Assert.Throws<InvalidVideoException>(() => Looks(source, pts[..^1]));

        Assert.Equal((Failure.FramesDiffer, Failure.FramesDiffer), (more.Code, less.Code));
        Assert.StartsWith("At frame 200 ", more.Message, StringComparison.Ordinal);
        Assert.StartsWith("At frame 199 ", less.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3", "mp4")]
    [InlineData("0", "mp4")]
    [InlineData("3", "mkv")]
    public void Read_TooLongToDecodeInFull_LooksAtKeyFramesAndKnowsWhichTheyAre(string bFrames, string extension)
    {
        using TemporaryFolder folder = new();
        string[] codec = ["-c:v", "libx264", "-g", "12", "-bf", bFrames, "-crf", "10"];
        string input = HardSources.Path("h264-closed-gop");
        string path = Clips.Make(["-i", input, "-an", .. codec, folder.File("keys." + extension)]);
        PreparedSource source = PreparedSource.Prepare(Clips.Tools, path);

        // A table of so many more frames that nobody would decode them all.
        FrameTable table = new(
            source.Table.TimeBase,
            [.. source.Table.RawPts, .. Enumerable.Range(1, 60_000).Select(i => source.Table.RawPts[^1] + i)],
            source.Table.KeyPts,
            source.Table.ContainerStart
        );
        using FramePool pool = new(FrameFormats.Of(source.Video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using SparseFrameReader reader = new(Clips.Tools, path, source.Video.Format, table, 12);
        List<int> looks = [];
        while (reader.Read(frame, CancellationToken.None))
        {
            Assert.Equal(FrameNumbers.Read(frame), frame.Number);
            looks.Add(frame.Number);
        }

        pool.Return(frame);
        Assert.True(source.Table.KeyFrames.Length >= 12);
        Assert.Equal(source.Table.KeyFrames, looks);
    }

    private static void Looks(PreparedSource source, long[] pts)
    {
        FrameTable table = new(source.Table.TimeBase, pts, source.Table.KeyPts, source.Table.ContainerStart);
        using FramePool pool = new(FrameFormats.Of(source.Video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        try
        {
            using SparseFrameReader reader = new(Clips.Tools, source.Path, source.Video.Format, table, 8);
            while (reader.Read(frame, CancellationToken.None)) { }
        }
        finally
        {
            pool.Return(frame);
        }
    }
}
