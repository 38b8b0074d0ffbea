using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Tests.Exactness;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Encoding;

public sealed class SegmentTablesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names =>
        [.. HardSources.All.Where(r => !r.Name.StartsWith("still", StringComparison.Ordinal)).Select(r => r.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_SegmentOfAnySource_SaysWhatFfprobeSays(string name)
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, name);
        FrameRange middle = new(source.Table.Count / 3, (2 * source.Table.Count / 3) + 1);
        AssertAgrees(Segment(source, middle, RoundTrip.Quick));
    }

    [Theory]
    [InlineData("libx264", "medium", 90)]
    [InlineData("libx265", "ultrafast", 40)]
    [InlineData("libx264", "veryfast", 2)]
    public void Read_SegmentOfAnyEncoder_SaysWhatFfprobeSays(string encoder, string preset, int frames)
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
        EncodeSettings settings = new() { Encoder = encoder, Preset = preset };
        AssertAgrees(Segment(source, new FrameRange(30, 30 + frames), settings));
    }

    [Fact]
    public void Read_AnyOtherKindOfFile_IsNull()
    {
        // With sound, fragmented, and with another codec.
        string source = HardSources.Path("h264-closed-gop");
        string[] copy = ["-i", source, "-c", "copy"];
        Assert.NotNull(SegmentTables.Read(Clips.Make([.. copy, "-an", _folder.File("plain.mp4")])));
        Assert.Null(SegmentTables.Read(source));
        Assert.Null(
            SegmentTables.Read(Clips.Make([.. copy, "-an", "-movflags", "frag_keyframe", _folder.File("parts.mp4")]))
        );
        Assert.Null(SegmentTables.Read(Clips.Make("-i", source, "-an", "-c:v", "mpeg4", _folder.File("other.mp4"))));
        Assert.Null(SegmentTables.Read(HardSources.Path("mpeg2-ts")));
    }

    [Fact]
    public void Read_HiddenFrames_IsNull()
    {
        string path = Plain();
        byte[] bytes = File.ReadAllBytes(path);
        int edit = bytes.AsSpan().IndexOf("elst"u8);
        Assert.True(edit > 0);

        // One tick later than the first frame, or a duration that ends with the last one's beginning.
        Assert.Null(Read(Changed(bytes, edit + 19, (byte)(bytes[edit + 19] + 1))));
        Assert.Null(Read(Changed(bytes, edit + 14, 0)));
    }

    [Fact]
    public void Read_CutOffOrLonger_IsNull()
    {
        byte[] bytes = File.ReadAllBytes(Plain());
        Assert.Null(Read(bytes[..^1]));
        Assert.Null(Read([.. bytes, 0]));
        Assert.Null(Read([]));
        Assert.NotNull(Read(bytes));
    }

    [Fact]
    public void Read_AnyDamagedByteOfTheIndex_IsSeenOrMeansNothing()
    {
        string path = Plain();
        byte[] bytes = File.ReadAllBytes(path);
        SegmentTables whole = SegmentTables.Read(path)!;
        int tables = bytes.AsSpan().IndexOf("stsz"u8);
        int seen = 0;
        for (int i = bytes.AsSpan().IndexOf("moov"u8); i < bytes.Length; i++)
        {
            SegmentTables? read = Read(Changed(bytes, i, (byte)(bytes[i] ^ 0x41)));
            bool isSame =
                read is not null && read.Pts.SequenceEqual(whole.Pts) && read.HeaderSha256 == whole.HeaderSha256;
            seen += isSame ? 0 : 1;

            // Sizes and places of samples cannot change unseen; what stands before them, version and flags, can.
            Assert.True(i < tables + 8 || i >= tables + 16 + (4 * whole.Pts.Count) || read is null, $"byte {i}");
        }

        Assert.True(seen > 400, $"{seen} seen");
    }

    private static byte[] Changed(byte[] bytes, int place, byte value)
    {
        byte[] changed = [.. bytes];
        changed[place] = value;
        return changed;
    }

    private SegmentTables? Read(byte[] bytes)
    {
        string path = _folder.File("changed.mp4");
        File.WriteAllBytes(path, bytes);
        return SegmentTables.Read(path);
    }

    private string Plain() => Segment(PreparedSource.Of(Clips.Tools, "h264-closed-gop"), new FrameRange(30, 60), new());

    private string Segment(PreparedSource source, FrameRange range, EncodeSettings settings)
    {
        string path = _folder.File("segment.mp4");
        _ = RoundTrip.Recode(Clips.Tools, source, range, path, settings);
        return path;
    }

    private static void AssertAgrees(string path)
    {
        SegmentTables asked = SegmentCheck.Ask(Clips.Tools, path, TestContext.Current.CancellationToken);

        SegmentTables? read = SegmentTables.Read(path);

        Assert.NotNull(read);
        Assert.NotEmpty(asked.Pts);
        Assert.Equal((asked.TimeBase, asked.HeaderSha256), (read.TimeBase, read.HeaderSha256));
        Assert.Equal(asked.Pts.Select(pts => pts - asked.Pts[0]), read.Pts.Select(pts => pts - read.Pts[0]));
    }
}
