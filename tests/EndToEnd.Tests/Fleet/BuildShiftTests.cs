using System.Text.Json;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>
/// In the middle of a job its only worker goes, and one of another build comes: here of another length of batches, which is another
/// class of device. It leaves the job alone, and after the grace it does all of it.
/// </summary>
public sealed class BuildShiftTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Job_WhoseWorkersAreReplaced_IsTheWorkOfTheNewBuildAlone()
    {
        using TestFolder folder = new();
        await using FleetProcesses fleet = await FleetProcesses.StartAsync(
            workers: 1,
            ("FFB_HEARTBEAT", "1"),
            ("FFB_BUILD_GRACE", "6")
        );
        using FleetClient client = await FleetClient.OfAsync(fleet);
        FfbResult submitted = await fleet.AskAsync([
            .. (string[])["submit", "--source", Clips.Portrait, "--target", Clips.Talking, "--preset", "ultrafast"],
            .. (string[])["--chunk-frames", "20"],
        ]);
        Assert.True(submitted.Exit == 0, submitted.Error);
        string job = submitted.Output.Trim();
        ApiChunk first = await client.UntilAsync(job, chunk => chunk.State == ChunkStep.Succeeded);
        fleet.Worker("w0").Signal("TERM");
        Assert.Equal(0, await fleet.Worker("w0").EndAsync());
        await fleet.StartWorkerAsync("other", ("FFB_BATCH", "2"));

        FfbResult watched = await fleet.AskAsync("jobs", "watch", job);
        Assert.True(watched.Exit == 0, watched.Output + watched.Error);

        string result = folder["out.mp4"];
        Assert.Equal(0, (await fleet.AskAsync("jobs", "download", job, "--output", result)).Exit);
        Assert.Equal(VideoFacts.FrameTimes(Clips.Talking), VideoFacts.FrameTimes(result));
        IReadOnlyList<ChunkReport> chunks = await fleet.ReadChunksAsync(job);
        Assert.Equal(6, chunks.Count);
        Assert.All(chunks, chunk => Assert.Equal("other", chunk.WorkerId));
        IReadOnlyList<ApiAttempt> tries = (await client.AttemptsAsync(job))[first.Index];
        Assert.Equal(
            ("w0", AttemptEnding.Voided, "build-gone"),
            (tries[0].Worker, tries[0].Outcome, tries[0].Failure!.Code)
        );
        FfbResult events = await fleet.AskAsync("jobs", "events", job, "--output-format", "jsonl");
        string[] codes =
        [
            .. events
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(told => told.TryGetProperty("code", out _))
                .Select(told => told.GetProperty("code").GetString()!),
        ];
        output.WriteLine(string.Join(' ', codes));
        Assert.Contains("pipeline-differs", codes);
        Assert.Single(codes, code => code == "build-gone");
    }
}
