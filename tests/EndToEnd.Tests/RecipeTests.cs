using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

/// <summary>Recipe files: several processors in one pass, in order.</summary>
public sealed class RecipeTests
{
    /// <summary>Where <c>debug</c> writes the frame's number.</summary>
    private const string Caption = "200:24:0:0";

    [Fact]
    public async Task Fuse_DebugAlone_DrawsOnTheFrameAndSwapsNobody()
    {
        using TestFolder folder = new();
        string result = folder["out.mp4"];
        string recipe = Write(folder, """{"processors":[{"processor":"debug","mesh":false}],"encode":{"crf":0}}""");

        FfbResult run = await Ffb.RunAsync(["fuse", "--recipe", recipe, .. Order.Job(result, Clips.Uneven)]);

        Assert.True(run.Exit == 0, run.Error);
        AssertAllDiffer(VideoFacts.FrameHashes(Clips.Uneven, Caption), VideoFacts.FrameHashes(result, Caption));
        using Likeness likeness = new();
        Assert.InRange(likeness.Kept(Clips.Uneven, result, 10), 0.7f, 1f);
    }

    [Fact]
    public async Task Fuse_SwapThenDebug_DoesBothInOnePass()
    {
        using TestFolder folder = new();
        string result = folder["out.mp4"];
        string recipe = Write(
            folder,
            """{"processors":[{"processor":"swap"},{"processor":"debug","mesh":false,"boxes":false}],"encode":{"crf":0}}"""
        );

        FfbResult run = await Ffb.RunAsync(Order.Fuse(result, Clips.Frontal, Clips.Uneven, "--recipe", recipe));

        Assert.True(run.Exit == 0, run.Error);
        AssertAllDiffer(VideoFacts.FrameHashes(Clips.Uneven, Caption), VideoFacts.FrameHashes(result, Caption));
        PersonReport person = Assert.Single(Reports.Of(result).People);
        Assert.InRange(person.MedianAfter ?? -1, 0.5f, 1f);
    }

    [Fact]
    public async Task Fuse_SwapThenRedact_CoversWhatWasSwapped()
    {
        using TestFolder folder = new();
        string result = folder["out.mp4"];
        string recipe = Write(
            folder,
            """
            {
              // the order counts: the cover comes last
              "processors": [{"processor":"swap"}, {"processor":"redact","style":"pixelate"}],
            }
            """
        );

        FfbResult run = await Ffb.RunAsync(Order.Fuse(result, Clips.Frontal, Clips.Uneven, "--recipe", recipe));

        Assert.True(run.Exit == 0, run.Error);
        using Likeness likeness = new();
        Assert.InRange(likeness.Kept(Clips.Uneven, result, 10), -1f, 0.35f);
        PersonReport person = Assert.Single(Reports.Of(result).People);
        Assert.InRange(person.MedianAfter ?? 2, -1f, 0.35f);
    }

    private static string Write(TestFolder folder, string recipe)
    {
        File.WriteAllText(folder["recipe.json"], recipe);
        return folder["recipe.json"];
    }

    private static void AssertAllDiffer(string[] before, string[] after) =>
        Assert.All(before.Zip(after), pair => Assert.NotEqual(pair.First, pair.Second));
}
