using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tests.Exactness;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Probing;

public sealed class FrameTableBuilderTests : IDisposable
{
    private const string Moving = "testsrc2=size=320x180:rate=30";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("h264-closed-gop", true)]
    [InlineData("edit-list", true)]
    [InlineData("vfr-mp4", true)]
    [InlineData("vp9-webm", true)]
    [InlineData("shared-timestamps-mkv", false)]
    [InlineData("mpeg2-ts", false)]
    [InlineData("h264-avi", false)]
    public void Build_DecodesOnlyWhatCannotBeTrusted(string name, bool fromPackets)
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, name);
        Assert.Equal(fromPackets, source.Built.FromPackets);
        Assert.Equal(source.Numbers.Count, source.Table.Count);
    }

    [Fact]
    public void Build_SharedTimestamps_WarnsAndMovesThem()
    {
        PreparedSource source = PreparedSource.Of(Clips.Tools, "shared-timestamps-mkv");
        Assert.True(source.Table.Moved > 30);
        Assert.Contains(source.Built.Warnings, w => w.Contains("share a timestamp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_EditListThatHidesTheEnd_CountsShownFramesOnly()
    {
        byte[] bytes = File.ReadAllBytes(HardSources.Path("h264-closed-gop"));
        int edit = bytes.AsSpan().IndexOf("elst"u8);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(edit + 12), 3_000);
        string path = _folder.File("trimmed.mp4");
        File.WriteAllBytes(path, bytes);

        PreparedSource source = PreparedSource.Prepare(Clips.Tools, path);

        Assert.Equal(Enumerable.Range(0, 90), source.Numbers);
        Verification verification = await RoundTrip.RunAsync(Clips.Tools, source, 37, _folder.File("out.mp4"));
        Assert.Equal((90, 90), (verification.FramesExpected, verification.FramesFound));
    }

    [Fact]
    public void Build_LongHeadThatAnEditListHides_IsLookedThroughAndStillTrusted()
    {
        string[] codec = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "250", "-sc_threshold", "0", "-bf", "2"];
        string whole = Clips.Make([
            "-f",
            "lavfi",
            "-i",
            Moving,
            "-frames:v",
            "260",
            .. codec,
            _folder.File("whole.mp4"),
        ]);
        string path = Clips.Make("-ss", "5.1", "-i", whole, "-c", "copy", _folder.File("cut.mp4"));

        ProbedVideo seen = new VideoProbe(Clips.Tools).Read(path, TestContext.Current.CancellationToken);
        BuiltFrameTable built = Build(path);

        Assert.Equal(320, seen.Format.Width);
        Assert.True(built.FromPackets);
        Assert.Equal(260 - 153, built.Table.Count);
        Assert.True(built.Table.KeyPts[0] < built.Table.RawPts[0] - 100);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(26, false)]
    [InlineData(100, true)]
    public void Build_PacketWithoutAFrame_IsFoundAtTheHead(int lost, bool fromPackets)
    {
        string path = WithoutFrame(lost);

        BuiltFrameTable built = Build(path);

        Assert.Equal(fromPackets, built.FromPackets);
        Assert.Equal(fromPackets ? 200 : 199, built.Table.Count);
        Assert.Equal(fromPackets ? 0 : 1, built.Warnings.Count);
    }

    [Fact]
    public void Build_KeyFrames_AreDecodedWhereTheScanDoesNotSeeEveryFrame()
    {
        string[] codec = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "8", "-bf", "0"];
        string eight = Clips.Make([
            "-f",
            "lavfi",
            "-i",
            "color=size=4096x2160:rate=30",
            "-frames:v",
            "8",
            .. codec,
            _folder.File("eight.mp4"),
        ]);
        string large = Clips.Make("-stream_loop", "29", "-i", eight, "-c", "copy", _folder.File("large.mp4"));

        Assert.Equal(
            ["list packets", "read first frames"],
            ChildrenOf(() => Assert.True(Build(HardSources.Path("h264-closed-gop")).FromPackets))
        );
        Assert.Equal(
            ["check key frames", "list packets", "read first frames"],
            ChildrenOf(() => Assert.True(Build(large).FromPackets))
        );
    }

    [Fact]
    public void Build_DistrustedPackets_DecodesThemAll()
    {
        string path = WithoutFrame(100);
        ListedVideo listed = new VideoProbe(Clips.Tools).ReadWhole(path, TestContext.Current.CancellationToken);

        BuiltFrameTable built = new FrameTableBuilder(Clips.Tools).Build(
            path,
            listed with
            {
                IsDistrusted = true,
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal((false, 199), (built.FromPackets, built.Table.Count));
        Assert.Contains(
            "lists 200 frames and a decoder gives 199",
            Assert.Single(built.Warnings),
            StringComparison.Ordinal
        );
    }

    /// <summary>What ffmpeg and ffprobe were started for, in alphabetical order.</summary>
    private static IEnumerable<string> ChildrenOf(Action act)
    {
        ConcurrentBag<string> purposes = [];
        using Activity own = new Activity("own").Start();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "FaceFusion.Batch.Media",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.TraceId == own.TraceId)
                {
                    purposes.Add(span.DisplayName[(span.DisplayName.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        act();
        return purposes.Order(StringComparer.Ordinal);
    }

    private string WithoutFrame(int number)
    {
        string path = _folder.File("lost.mp4");
        LostFrame.Make(Clips.Tools, HardSources.Path("h264-closed-gop"), number, path);
        return path;
    }

    private static BuiltFrameTable Build(string path)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        return new FrameTableBuilder(Clips.Tools).Build(path, new VideoProbe(Clips.Tools).ReadWhole(path, stop), stop);
    }
}
