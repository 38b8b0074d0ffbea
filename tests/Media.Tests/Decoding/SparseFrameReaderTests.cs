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
}
