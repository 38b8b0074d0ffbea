using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Formats;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Decoding;

/// <summary>Decoding begins at a refresh of the decoder where the packets tell of one, and nowhere else.</summary>
public sealed class CleanStartTests : IDisposable
{
    private static readonly ClipRecipe ClosedHevc = new()
    {
        Name = "hevc-closed-gop",
        Extension = ".mp4",
        Video =
        [
            "-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-x265-params",
            "log-level=error:open-gop=0:keyint=24:bframes=3",
        ],
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("h264-closed-gop")]
    [InlineData("h264-negative-cts")]
    [InlineData("hevc-closed-gop")]
    public void CleanStarts_ClosedGroups_AreAllKeyFrames(string name)
    {
        FrameTable table = Prepared(name).Table;
        Assert.True(table.CleanStarts.Length > 2);
        Assert.Equal(table.KeyPts, table.CleanStarts);
    }

    [Theory]
    [InlineData("h264-open-gop")]
    [InlineData("h264-intra-refresh")]
    [InlineData("hevc-10bit-open-gop")]
    [InlineData("hevc-hdr10")]
    public void CleanStarts_GroupsThatReferBack_AreTheFirstAlone(string name)
    {
        FrameTable table = Prepared(name).Table;
        Assert.True(table.KeyPts.Length > 2);
        Assert.Equal([table.KeyPts[0]], table.CleanStarts);
    }

    [Theory]
    [InlineData("vp9-webm")]
    [InlineData("mpeg2-ts")]
    [InlineData("h264-avi")]
    public void CleanStarts_WherePacketsDoNotTell_AreNone(string name) =>
        Assert.Empty(Prepared(name).Table.CleanStarts);

    [Theory]
    [InlineData("h264-closed-gop")]
    [InlineData("h264-negative-cts")]
    [InlineData("h264-intra-refresh")]
    [InlineData("hevc-closed-gop")]
    [InlineData("hevc-10bit-open-gop")]
    public void Read_AroundEveryKeyFrame_GivesTheBytesOfAWholeDecode(string name)
    {
        PreparedSource source = Prepared(name);
        List<string> whole = Hashes(source, source.Table.All);
        foreach (int key in source.Table.KeyFrames)
        {
            for (int start = Math.Max(0, key - 1); start <= Math.Min(key + 1, source.Table.Count - 3); start++)
            {
                FrameRange range = new(start, start + 3);
                Assert.Equal(whole.Slice(range.Start, range.Length), Hashes(source, range));
            }
        }
    }

    [Fact]
    public void For_ClosedGroups_SeeksToTheGroupOfTheFrame()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
        int key = source.Table.KeyFrames[2];
        FrameRange range = new(key + 3, key + 5);
        Assert.Equal(source.Table.RawPts[key], DecodePlan.For(source.Video.Format, source.Table, range).SeekPts);
        FrameTable untold = new(source.Table.TimeBase, source.Table.RawPts, source.Table.KeyPts, 0);
        Assert.Equal(
            source.Table.RawPts[source.Table.KeyFrames[1]],
            DecodePlan.For(source.Video.Format, untold, range).SeekPts
        );
    }

    [Fact]
    public void Among_PacketsThatAreNone_AreNotTaken()
    {
        // A unit that ends the packet, one that ends before it, one that ends after it, and one of no length.
        byte[] bytes = [0, 0, 0, 2, 0x65, 1, 0, 0, 0, 0, 0x65, 9];
        string path = _folder.File("packets");
        File.WriteAllBytes(path, bytes);
        Assert.Equal(
            [1L],
            DecoderRefreshes.Among(path, "h264", [(1, 0, 6), (2, 0, 7), (3, 0, 5), (4, 6, 6), (5, 0, 0), (6, 90, 6)])
        );
    }

    [Theory]
    [InlineData("h264", 5, true)]
    [InlineData("h264", 1, false)]
    [InlineData("hevc", 19, true)]
    [InlineData("hevc", 20, true)]
    [InlineData("hevc", 21, false)]
    [InlineData("hevc", 1, false)]
    public void Among_SliceOfThatType_IsARefresh(string codec, int type, bool isRefresh)
    {
        byte first = (byte)(codec == "hevc" ? type << 1 : 0x60 | type);
        // Behind a unit that is no slice: an access unit delimiter.
        byte delimiter = (byte)(codec == "hevc" ? 35 << 1 : 9);
        string path = _folder.File("packet");
        File.WriteAllBytes(path, [0, 0, 0, 2, delimiter, 1, 0, 0, 0, 3, first, 1, 9]);
        Assert.Equal(isRefresh, DecoderRefreshes.Among(path, codec, [(1, 0, 13)]).Any());
    }

    [Fact]
    public void Load_FileOfTheFirstVersion_HasNone()
    {
        FrameTable table = new(new Rational(1, 25), [0, 1, 2], [0], 0) { CleanStarts = [0] };
        table.Save(_folder.File("new"));
        Assert.Equal([0L], FrameTable.Load(_folder.File("new")).CleanStarts);

        byte[] old = [.. File.ReadAllBytes(_folder.File("new"))[..^34], .. new byte[32]];
        old[8] = 1;
        SHA256.HashData(old.AsSpan(0, old.Length - 32), old.AsSpan(old.Length - 32));
        File.WriteAllBytes(_folder.File("old"), old);
        FrameTable loaded = FrameTable.Load(_folder.File("old"));
        Assert.Equal(table.RawPts, loaded.RawPts);
        Assert.Empty(loaded.CleanStarts);
    }

    private static PreparedSource Prepared(string name) =>
        name == ClosedHevc.Name
            ? PreparedSource.Prepare(Clips.Tools, ClipMaker.Get(ClosedHevc))
            : PreparedSource.Of(Clips.Tools, name);

    private static List<string> Hashes(PreparedSource source, FrameRange range)
    {
        using FramePool pool = new(FrameFormats.Of(source.Video.Format), 1);
        Frame frame = pool.Rent(CancellationToken.None);
        using FrameReader reader = new(Clips.Tools, source.Path, source.Video.Format, source.Table, range);
        List<string> hashes = [];
        while (reader.Read(frame, CancellationToken.None))
        {
            hashes.Add(Convert.ToHexString(SHA256.HashData(frame.Bytes)));
        }

        reader.Finish();
        Assert.False(reader.DecodedFromStart, $"frames {range}");
        pool.Return(frame);
        return hashes;
    }
}
