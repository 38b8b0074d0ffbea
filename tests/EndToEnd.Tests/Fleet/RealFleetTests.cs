using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>The real parts do what the embedded ones do, to the last bit of every frame.</summary>
public sealed class RealFleetTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Fuse_OnRealParts_GivesTheFramesOfTheEmbeddedRun()
    {
        using TestFolder folder = new();
        string clip = folder["clip.mp4"];
        Clips.Make(clip, "-i", Clips.Talking, "-t", "2", "-c", "copy");
        FfbResult embedded = await Ffb.RunAsync(
            "fuse",
            "--source",
            Clips.Portrait,
            "--target",
            clip,
            "--output",
            folder["embedded.mp4"],
            "--preset",
            "veryfast",
            "--work",
            folder["work"]
        );
        Assert.True(embedded.Exit == 0, embedded.Error);
        string[] expected = Reports.FrameHashes(folder["work"]);

        await using RealFleet fleet = await RealFleet.StartAsync(workers: 2);
        JobRequest request = new()
        {
            Kind = JobKind.Fuse,
            Target = clip,
            Sources = new Dictionary<string, IReadOnlyList<string>> { ["source"] = [Clips.Portrait] },
            Recipe = new Recipe
            {
                Processors = [new SwapStep()],
                Encode = new EncodeSettings { Preset = "veryfast" },
            },
            Output = folder["fleet.mp4"],
            ChunkFrames = 17,
        };
        Guid job = await fleet.Jobs.SubmitAsync(request, TestContext.Current.CancellationToken);
        JobStatus end = await fleet.Jobs.WaitAsync(job, null, TestContext.Current.CancellationToken);

        foreach (string line in fleet.Lines.Where(l => l.Contains("accepted", StringComparison.Ordinal)))
        {
            output.WriteLine(line);
        }

        Assert.True(end.State == JobState.Succeeded, end.Failure?.Message);
        FinishedReport finished = (await fleet.Jobs.ReadReportAsync(job, TestContext.Current.CancellationToken))!;
        IEnumerable<ChunkReport> chunks = finished.Chunks.OrderBy(c => c.Range.Start);
        Assert.Equal(expected, chunks.SelectMany(c => c.FrameHashes));
        Assert.Equal(["w0", "w1"], chunks.Select(c => c.WorkerId).Distinct().Order());
        Assert.Equal(VideoFacts.FrameTimes(clip), VideoFacts.FrameTimes(folder["fleet.mp4"]));
        Assert.DoesNotContain(fleet.Lines, line => line.Contains("sig=", StringComparison.Ordinal));
        Assert.DoesNotContain(fleet.Lines, line => line.Contains("AccountKey", StringComparison.Ordinal));
    }
}
