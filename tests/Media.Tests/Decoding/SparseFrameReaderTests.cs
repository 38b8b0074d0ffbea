using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Formats;
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
}
