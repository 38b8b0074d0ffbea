using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

public sealed class RedactTests(ITestOutputHelper output)
{
    /// <summary>Two pictures of one person have more than this; a covered face must have less even for who knows where it was.</summary>
    private const float SamePerson = 0.35f;

    [Theory]
    [InlineData("blur")]
    [InlineData("pixelate")]
    [InlineData("solid")]
    public async Task Redact_RealFootage_DestroysTheIdentityAndKeepsTheRest(string style)
    {
        using TestFolder folder = new();
        string result = folder["out.mp4"];

        FfbResult run = await Ffb.RunAsync(Order.Redact(result, more: ["--style", style]));

        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(VideoFacts.FrameTimes(Clips.Talking), VideoFacts.FrameTimes(result));
        Assert.Equal(VideoFacts.AudioHash(Clips.Talking), VideoFacts.AudioHash(result));
        JobReport report = Reports.Of(result);
        Assert.True(report.FacesFused >= 120, $"{report.FacesFused} faces covered in 120 frames");
        Assert.DoesNotContain(
            "<img",
            await File.ReadAllTextAsync($"{result}.report.html", TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        using Likeness likeness = new();
        foreach (int frame in (int[])[0, 40, 80, 119])
        {
            float kept = likeness.Kept(Clips.Talking, result, frame);
            output.WriteLine($"frame {frame}: {kept:0.00}");
            Assert.InRange(kept, -1f, SamePerson);
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(12, true)]
    public async Task Redact_FaceOutOfSight_IsCoveredAsFarAsAsked(int coverGaps, bool covered)
    {
        using TestFolder folder = new();
        string target = folder["target.mp4"];
        string result = folder["out.mp4"];
        Clips.Make(
            target,
            "-i",
            Clips.Talking,
            "-vf",
            "drawbox=x=140:y=60:w=140:h=190:t=fill:color=0x9a8a70:enable='between(n,12,17)'",
            "-frames:v",
            "30",
            "-an",
            "-crf",
            "4"
        );

        FfbResult run = await Ffb.RunAsync(
            Order.Redact(result, target, ["--cover-gaps", $"{coverGaps}", "--style", "solid", .. Order.Lossless])
        );

        Assert.True(run.Exit == 0, run.Error);
        bool[] changed = [.. VideoFacts.FrameHashes(target).Zip(VideoFacts.FrameHashes(result), (a, b) => a != b)];
        output.WriteLine(string.Concat(changed.Select(c => c ? '#' : '.')));
        Assert.Equal(30, changed.Length);
        Assert.All(changed[..12], Assert.True);
        // A cover may reach a frame too far, never too short.
        Assert.All(changed[13..17], hidden => Assert.Equal(covered, hidden));
        Assert.True(!covered || changed[12..18].All(hidden => hidden));
        Assert.All(changed[18..], Assert.True);
    }
}
