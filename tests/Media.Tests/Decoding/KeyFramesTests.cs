using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Decoding;

/// <summary>Which frames are looked at may depend on the target alone: not on who drops the others, nor on the number of threads.</summary>
public sealed class KeyFramesTests
{
    public static TheoryData<string> Names =>
        [.. HardSources.All.Where(r => !r.Name.StartsWith("still", StringComparison.Ordinal)).Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Options_AnySource_GiveTheFramesThatTheDecoderCallsKeyFrames(string name)
    {
        string path = HardSources.Path(name);
        string[] byDecoder = Frames(["-threads", "2", "-skip_frame", "nokey"], path);
        string[] few = Frames(["-threads", "2", .. KeyFrames.Options], path);

        Assert.NotEmpty(few);
        Assert.Equal(few, Frames(["-threads", "9", .. KeyFrames.Options], path));
        if (name != "av1")
        {
            Assert.Equal(byDecoder, few);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3_900, 0)]
    [InlineData(-3_000, 0)]
    [InlineData(4_000, null)]
    [InlineData(6_000, null)]
    [InlineData(9_300, null)]
    [InlineData(9_400, 12)]
    [InlineData(12_000, 12)]
    [InlineData(14_600, 12)]
    [InlineData(17_400, 20)]
    [InlineData(22_600, 20)]
    [InlineData(90_000, null)]
    public void Nearest_TimestampOfAnotherFrame_IsTheKeyFrameThatItIsNearTo(long pts, int? number)
    {
        FrameTable table = new(
            new Rational(1, 25_000),
            [.. Enumerable.Range(0, 30).Select(i => 1_000L * i)],
            [0, 12_000, 20_000],
            0
        );
        Assert.Equal(number, KeyFrames.Nearest(table, pts));
    }

    /// <summary>The hash of each frame; timestamps may differ.</summary>
    private static string[] Frames(string[] options, string path)
    {
        ToolRun run = ChildTool.Capture(
            Clips.Tools,
            MediaProgram.Ffmpeg,
            [
                .. options,
                "-copyts",
                "-i",
                path,
                "-map",
                "0:V:0",
                "-fps_mode",
                "passthrough",
                "-f",
                "framemd5",
                "pipe:1",
            ],
            ToolLimits.Decoding(1 << 20),
            TestContext.Current.CancellationToken
        );
        string text = System.Text.Encoding.ASCII.GetString(run.Output);
        return
        [
            .. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(',')[^1]),
        ];
    }
}
