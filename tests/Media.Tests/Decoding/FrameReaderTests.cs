using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Decoding;

public sealed class FrameReaderTests
{
    private static readonly PreparedSource Source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");

    [Fact]
    public void Read_AnyRange_GivesThoseFrames()
    {
        foreach (FrameRange range in (FrameRange[])[new(0, 1), new(29, 31), new(59, 62), new(170, 200), new(199, 200)])
        {
            Assert.Equal(Enumerable.Range(range.Start, range.Length), Numbers(Source, Source.Table, range));
        }
    }

    [Fact]
    public void Read_TableOfAnotherFile_IsRefusedBeforeAFrameLeaves()
    {
        long[] shifted = [.. Source.Table.RawPts.Select((pts, i) => i < 100 ? pts : pts + 7)];
        FrameTable other = new(Source.Table.TimeBase, shifted, Source.Table.KeyPts, 0);
        using FramePool pool = new(FrameFormats.Of(Source.Video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using FrameReader reader = new(Clips.Tools, Source.Path, Source.Video.Format, other, new FrameRange(80, 120));
        for (int i = 80; i < 100; i++)
        {
            Assert.True(reader.Read(frame, CancellationToken.None));
        }

        InvalidVideoException refused = Assert.Throws<InvalidVideoException>(() =>
            reader.Read(frame, CancellationToken.None)
        );

        Assert.Equal("video-frames-differ", refused.Code);
        pool.Return(frame);
    }

    [Fact]
    public void Read_SeekThatLandsLate_DecodesFromTheStart()
    {
        // A container start that lies makes the seek land behind the wanted frame, as files without an index do.
        VideoFormat lying = Source.Video.Format with
        {
            ContainerStart = -6,
        };
        using FramePool pool = new(FrameFormats.Of(Source.Video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using FrameReader reader = new(Clips.Tools, Source.Path, lying, Source.Table, new FrameRange(100, 120));
        List<int> numbers = [];
        while (reader.Read(frame, CancellationToken.None))
        {
            numbers.Add(FrameNumbers.Read(frame));
        }

        reader.Finish();
        pool.Return(frame);
        Assert.True(reader.DecodedFromStart);
        Assert.Equal(Enumerable.Range(100, 20), numbers);
    }

    [Theory]
    [InlineData("h264-open-gop")]
    [InlineData("h264-intra-refresh")]
    [InlineData("hevc-10bit-open-gop")]
    [InlineData("mpeg2-ts")]
    [InlineData("h264-ts-open-gop")]
    [InlineData("h264-avi")]
    public void Read_LateRange_IsReachedByASeek(string name)
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, name);
        for (int start = 110; start < 150; start += 9)
        {
            using FramePool pool = new(FrameFormats.Of(source.Video.Format), 1);
            Frame frame = pool.Rent(CancellationToken.None);
            FrameRange range = new(start, start + 3);
            using FrameReader reader = new(Clips.Tools, source.Path, source.Video.Format, source.Table, range);
            while (reader.Read(frame, CancellationToken.None))
            {
                Assert.Equal(frame.Number, FrameNumbers.Read(frame));
            }

            reader.Finish();
            pool.Return(frame);
            Assert.False(reader.DecodedFromStart, $"frame {start}");
        }
    }

    [Fact]
    public void Finish_BeforeTheEnd_Throws()
    {
        using FrameReader reader = new(
            Clips.Tools,
            Source.Path,
            Source.Video.Format,
            Source.Table,
            new FrameRange(0, 9)
        );
        Assert.Throws<InvalidOperationException>(() => reader.Finish());
    }

    [Fact]
    public async Task Read_Cancelled_ThrowsAndEndsFfmpeg()
    {
        using CancellationTokenSource stop = new();
        using FramePool pool = new(FrameFormats.Of(Source.Video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using FrameReader reader = new(Clips.Tools, Source.Path, Source.Video.Format, Source.Table, Source.Table.All);
        Assert.True(reader.Read(frame, stop.Token));
        await stop.CancelAsync();
        Assert.Throws<OperationCanceledException>(() =>
        {
            while (reader.Read(frame, stop.Token)) { }
        });
        pool.Return(frame);
    }

    [Fact]
    public void ReadAndWrite_SteadyState_AllocateNothing()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        using FramePool pool = new(FrameFormats.Of(Source.Video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using FrameReader reader = new(Clips.Tools, Source.Path, Source.Video.Format, Source.Table, Source.Table.All);
        using SegmentWriter writer = new(
            Clips.Tools,
            folder.File("segment"),
            Source.Video.Format,
            Source.Table,
            Source.Table.All,
            EncoderChoice.Here(Source.Video.Format, new EncodeSettings(), Clips.Tools)
        );
        for (int i = 0; i < 40; i++)
        {
            Assert.True(reader.Read(frame, stop.Token));
            writer.Write(frame, stop.Token);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        while (reader.Read(frame, stop.Token))
        {
            writer.Write(frame, stop.Token);
        }

        long after = GC.GetAllocatedBytesForCurrentThread();
        reader.Finish();
        SegmentFacts facts = writer.Finish(stop.Token);
        pool.Return(frame);

        // Under a byte a frame: what is left is the runtime's one note that this thread has waited.
        Assert.InRange(after - before, 0, Source.Table.Count - 41);
        Assert.Equal(Source.Table.Count, facts.Frames);
    }

    private static List<int> Numbers(PreparedSource source, FrameTable table, FrameRange range)
    {
        using FramePool pool = new(FrameFormats.Of(source.Video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using FrameReader reader = new(Clips.Tools, source.Path, source.Video.Format, table, range);
        List<int> numbers = [];
        while (reader.Read(frame, CancellationToken.None))
        {
            Assert.Equal(range.Start + numbers.Count, frame.Number);
            numbers.Add(FrameNumbers.Read(frame));
        }

        reader.Finish();
        pool.Return(frame);
        return numbers;
    }
}
