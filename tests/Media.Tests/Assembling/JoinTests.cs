using System.Globalization;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Assembling;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tests.Exactness;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Assembling;

public sealed class JoinTests : IDisposable
{
    private static readonly PreparedSource Source = PreparedSource.Of(Clips.Tools, "h264-closed-gop");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ConcatList_ManyChunks_NeverDriftsByHalfAMicrosecond()
    {
        FrameTable table = new(
            new Rational(1, 30_000),
            [.. Enumerable.Range(0, 3_000).Select(i => 1_001L * i)],
            [0],
            0
        );
        JoinOrder order = Order(table, [.. Enumerable.Range(0, 600).Select(i => new FrameRange(5 * i, 5 * (i + 1)))]);

        string list = JoinScript.ConcatList(order, [.. order.Segments.Select(s => s.Path)]);

        decimal sum = 0;
        decimal rounded = 0;
        decimal worstOfNaive = 0;
        int chunk = 0;
        foreach (string line in list.Split('\n').Where(l => l.StartsWith("duration ", StringComparison.Ordinal)))
        {
            sum += decimal.Parse(line[9..], CultureInfo.InvariantCulture);
            rounded += Math.Round(5 * 1_001m / 30_000, 6);
            decimal exact = ++chunk * 5 * 1_001m / 30_000;
            Assert.True(Math.Abs(sum - exact) <= 0.0000005m, $"chunk {chunk}");
            worstOfNaive = Math.Max(worstOfNaive, Math.Abs(rounded - exact));
        }

        Assert.Equal(599, chunk);
        Assert.True(worstOfNaive > 0.0001m, "Rounding each duration on its own would have been as good.");
    }

    [Fact]
    public async Task Join_ManyTinyChunks_IsExact()
    {
        string output = _folder.File("out.mp4");
        Verification verification = await RoundTrip.RunAsync(Clips.Tools, Source, 9, output);
        Assert.Equal(
            (200, 200, 0L),
            (verification.FramesExpected, verification.FramesFound, verification.AudioVideoShiftMicroseconds)
        );
    }

    [Fact]
    public async Task Join_IntoMkv_SaysThatTimesAreRounded()
    {
        string output = _folder.File("out.mkv");
        Verification verification = await RoundTrip.RunAsync(Clips.Tools, Source, 120, output);
        Assert.Equal(200, verification.FramesFound);
        Assert.Contains("millisecond", verification.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Join_ManyStreams_KeepsThem()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "many-streams");
        Assert.Equal(2, source.Video.Streams.Count(s => s.Kind == StreamKind.Audio));
        string output = _folder.File("out.mp4");
        await RoundTrip.RunAsync(Clips.Tools, source, 150, output);

        ProbedVideo result = new VideoProbe(Clips.Tools).Read(output, TestContext.Current.CancellationToken);
        Assert.Equal(["aac", "ac3"], result.Streams.Where(s => s.Kind == StreamKind.Audio).Select(s => s.Codec));
        Assert.Equal("fra", result.Streams.Last(s => s.Kind == StreamKind.Audio).Tags["language"]);
        Assert.Equal("mov_text", Assert.Single(result.Streams, s => s.Kind == StreamKind.Subtitle).Codec);
        Assert.Equal(2, result.Chapters);
    }

    [Fact]
    public async Task Join_TargetWithCover_KeepsIt()
    {
        string cover = Clips.Make(
            "-f",
            "lavfi",
            "-i",
            "color=red:s=64x64",
            "-frames:v",
            "1",
            _folder.File("cover.jpg")
        );
        string[] maps = ["-map", "0", "-map", "1", "-c", "copy", "-disposition:v:1", "attached_pic"];
        string path = Clips.Make(["-i", Source.Path, "-i", cover, .. maps, _folder.File("cover.mp4")]);
        PreparedSource source = PreparedSource.Prepare(Clips.Tools, path);
        Assert.Equal(320, source.Video.Format.Width);
        string output = _folder.File("out.mp4");
        await RoundTrip.RunAsync(Clips.Tools, source, 300, output);

        ProbedVideo result = new VideoProbe(Clips.Tools).Read(output, TestContext.Current.CancellationToken);
        Assert.Single(result.Streams, s => s.IsPicture);
    }

    [Fact]
    public async Task Join_SegmentOfOtherFrames_IsNotPublished()
    {
        string output = _folder.File("out.mp4");
        FrameRange first = new(0, 120);
        FrameRange second = new(120, 200);
        RoundTrip.Recode(Clips.Tools, Source, first, _folder.File("0"), RoundTrip.Quick);
        RoundTrip.Recode(Clips.Tools, Source, new FrameRange(120, 180), _folder.File("1"), RoundTrip.Quick);
        JoinOrder order = Order(Source.Table, [first, second]) with { Output = output };

        MediaToolException refused = await Assert.ThrowsAsync<MediaToolException>(() =>
            new SegmentJoiner(Clips.Tools).JoinAsync(order, TestContext.Current.CancellationToken)
        );

        Assert.Equal("result-not-exact", refused.Code);
        Assert.Equal(["0", "1"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Join_DifferentHeaders_SaysSegmentsDiffer()
    {
        JoinOrder order = Order(Source.Table, [new FrameRange(0, 120), new FrameRange(120, 200)]);
        order = order with
        {
            Segments = [order.Segments[0] with { HeaderSha256 = "a" }, order.Segments[1] with { HeaderSha256 = "b" }],
        };
        MediaToolException refused = await Assert.ThrowsAsync<MediaToolException>(() =>
            new SegmentJoiner(Clips.Tools).JoinAsync(order, TestContext.Current.CancellationToken)
        );
        Assert.Equal("segments-differ", refused.Code);
    }

    [Theory]
    [InlineData("/no/such/folder/out.mp4", "output-folder-missing")]
    [InlineData("/proc/out.mp4", "output-not-writable")]
    public async Task Join_BadOutput_SaysSo(string output, string code)
    {
        RoundTrip.Recode(Clips.Tools, Source, Source.Table.All, _folder.File("0"), RoundTrip.Quick);
        JoinOrder order = Order(Source.Table, [Source.Table.All]) with { Output = output };
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() =>
            new SegmentJoiner(Clips.Tools).JoinAsync(order, TestContext.Current.CancellationToken)
        );
        Assert.Equal(code, refused.Code);
    }

    [Fact]
    public void Recode_DiskFull_SaysSoAndLeavesNothing()
    {
        string path = _folder.File("full.mp4");
        File.CreateSymbolicLink(path, "/dev/full");
        StorageException full = Assert.Throws<StorageException>(() =>
            RoundTrip.Recode(Clips.Tools, Source, Source.Table.All, path, RoundTrip.Quick)
        );
        Assert.Equal("disk-full", full.Code);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Recode_TwoChunks_HaveOneHeader()
    {
        SegmentFacts a = RoundTrip.Recode(
            Clips.Tools,
            Source,
            new FrameRange(0, 40),
            _folder.File("a"),
            RoundTrip.Quick
        );
        SegmentFacts b = RoundTrip.Recode(
            Clips.Tools,
            Source,
            new FrameRange(40, 47),
            _folder.File("b"),
            RoundTrip.Quick
        );
        SegmentFacts again = RoundTrip.Recode(
            Clips.Tools,
            Source,
            new FrameRange(0, 40),
            _folder.File("c"),
            RoundTrip.Quick
        );
        Assert.Equal(a.HeaderSha256, b.HeaderSha256);
        Assert.NotEqual(a.Sha256, b.Sha256);
        Assert.Equal(a.Sha256, again.Sha256);
    }

    private JoinOrder Order(FrameTable table, FrameRange[] ranges) =>
        new()
        {
            Target = Source.Path,
            Video = Source.Video,
            Table = table,
            Segments = [.. ranges.Select((range, i) => new JoinSegment(range, _folder.File($"{i}")))],
            Output = _folder.File("out.mp4"),
            ScratchFolder = _folder.Path,
        };
}
