using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Clips;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

/// <summary>A target at 29.97 frames/s with holes in its clock, whose sound begins before the picture, in every container.</summary>
public sealed class ContainerTests
{
    [Theory]
    [InlineData("out.mp4")]
    [InlineData("out.mov")]
    public async Task Fuse_IntoAnExactContainer_KeepsTheTicks(string name)
    {
        using TestFolder folder = new();

        FfbResult run = await Ffb.RunAsync(Order.Fuse(folder[name], target: Clips.Uneven));

        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(VideoFacts.FrameTimes(Clips.Uneven), VideoFacts.FrameTimes(folder[name]));
        Assert.Equal(VideoFacts.AudioHash(Clips.Uneven), VideoFacts.AudioHash(folder[name]));
        Assert.Equal(VideoFacts.AudioTimes(Clips.Uneven), VideoFacts.AudioTimes(folder[name]));
        Verification verification = Reports.Of(folder[name]).Verification;
        Assert.Equal(0, verification.AudioVideoShiftMicroseconds);
        Assert.Contains("to the tick", verification.Note, StringComparison.Ordinal);
        Assert.Empty(Reports.Of(folder[name]).Warnings);
    }

    [Fact]
    public async Task Fuse_IntoMatroska_RoundsToTheMillisecondAndSaysSo()
    {
        using TestFolder folder = new();
        string result = folder["out.mkv"];

        FfbResult run = await Ffb.RunAsync(Order.Fuse(result, target: Clips.Uneven));

        Assert.True(run.Exit == 0, run.Error);
        decimal[] before = FromFirst(VideoFacts.FrameTimes(Clips.Uneven));
        decimal[] after = FromFirst(VideoFacts.FrameTimes(result));
        Assert.Equal(before.Length, after.Length);
        Assert.All(before.Zip(after), pair => Assert.InRange(pair.Second - pair.First, -0.001m, 0.001m));
        Assert.NotEqual(before, after);
        Assert.Equal(VideoFacts.AudioHash(Clips.Uneven), VideoFacts.AudioHash(result));
        decimal lead = LeadOfTheSound(result) - LeadOfTheSound(Clips.Uneven);
        Assert.InRange(lead, -0.001m, 0.001m);
        JobReport report = Reports.Of(result);
        Assert.Contains("millisecond", report.Verification.Note, StringComparison.Ordinal);
        Assert.InRange(report.Verification.AudioVideoShiftMicroseconds, 0, 1_000);
        Assert.Contains("MKV", Assert.Single(report.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redact_PacketWithoutAFrame_GivesTheFramesThatADecoderGives()
    {
        using TestFolder folder = new();
        string target = folder["lost.mp4"];
        string result = folder["out.mp4"];
        LostFrame.Make(MediaTools.Locate(), HardSources.Path("h264-closed-gop"), 100, target);

        FfbResult run = await Ffb.RunAsync(Order.Redact(result, target));

        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(199, VideoFacts.FrameTimes(target).Length);
        Assert.Equal(VideoFacts.FrameTimes(target), VideoFacts.FrameTimes(result));
        Assert.Contains(
            Reports.Of(result).Warnings,
            w => w.Contains("lists 200 frames and a decoder gives 199", StringComparison.Ordinal)
        );
    }

    private static decimal[] FromFirst(decimal[] times) => [.. times.Select(t => t - times[0])];

    private static decimal LeadOfTheSound(string path) =>
        VideoFacts.FrameTimes(path)[0] - decimal.Parse(VideoFacts.AudioTimes(path)[0].Trim(','), null);
}
