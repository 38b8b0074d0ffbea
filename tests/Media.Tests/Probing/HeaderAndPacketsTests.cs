using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Probing;

public sealed class HeaderAndPacketsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. HardSources.All.Select(recipe => recipe.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void ReadWhole_AnyVideo_ListsThePacketsThatFfprobeListsAlone(string name)
    {
        string path = HardSources.Path(name);
        string[] alone = Alone(path);

        ListedVideo listed = new VideoProbe(Clips.Tools).ReadWhole(path, TestContext.Current.CancellationToken);

        // "pts,size,pos,flags", and what side data may follow
        string[][] fields = [.. alone.Select(line => line.Split(','))];
        Assert.NotEmpty(fields);
        Assert.Equal(fields.Length, listed.Packets.Count);
        Assert.Equal(fields.All(f => f[0] != "N/A"), listed.Packets.HasAllPts);
        Assert.Equal(
            fields.Where(f => f[0] != "N/A" && !f[3].Contains('D', StringComparison.Ordinal)).Select(Pts).Order(),
            listed.Packets.Shown()
        );
        Assert.Equal(
            fields
                .Where(f => f[0] != "N/A" && f[3].Contains('K', StringComparison.Ordinal))
                .Select(Pts)
                .Order()
                .Distinct(),
            listed.Packets.Keys()
        );

        // What a mere look finds is the same.
        ProbedVideo probed = new VideoProbe(Clips.Tools).Read(path, TestContext.Current.CancellationToken);
        Assert.Equal(probed.Format, listed.Video.Format);
        Assert.Equal(
            probed.Streams.Select(s => (s.Kind, s.Codec)),
            listed.Video.Streams.Select(s => (s.Kind, s.Codec))
        );
        Assert.Equal(probed.Warnings, listed.Video.Warnings);
    }

    [Fact]
    public void ReadWhole_LongTagThatLooksLikeAnAnswer_IsAllKept()
    {
        string title = "\"packets\": [ { \"codec_type\": \"video\" }\n    ]\n" + new string('x', 20_000);
        string source = HardSources.Path("h264-closed-gop");
        string path = Clips.Make(
            "-i",
            source,
            "-c",
            "copy",
            "-metadata:s:v:0",
            $"title={title}",
            _folder.File("t.mkv")
        );

        ListedVideo listed = new VideoProbe(Clips.Tools).ReadWhole(path, TestContext.Current.CancellationToken);

        Assert.Equal(200, listed.Packets.Count);
        Assert.Equal(title, listed.Video.Streams[0].Tags["title"]);
    }

    private static long Pts(string[] fields) =>
        long.Parse(fields[0], System.Globalization.CultureInfo.InvariantCulture);

    private static string[] Alone(string path)
    {
        ToolRun run = ChildTool.Capture(
            Clips.Tools,
            MediaProgram.Ffprobe,
            ["-select_streams", "V:0", "-show_entries", "packet=pts,size,pos,flags", "-of", "csv=p=0", "-i", path],
            ToolLimits.Probing,
            TestContext.Current.CancellationToken
        );
        string text = System.Text.Encoding.ASCII.GetString(run.Output);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
