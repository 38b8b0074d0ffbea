using System.Diagnostics;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>
/// A worker's process is told to go in the middle of a chunk. The heartbeat is so long that whoever waited for a lease to run out would
/// wait for two minutes.
/// </summary>
public sealed class LeavingTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Term_WithTimeEnough_FinishesTheChunk()
    {
        await using FleetProcesses fleet = await StartAsync(workers: 1, drain: "60");
        using FleetClient client = await FleetClient.OfAsync(fleet);
        string job = await SubmitAsync(fleet, Clips.Talking);
        _ = await client.UntilAsync(job, chunk => chunk is { State: ChunkStep.Running, FramesDone: > 0 });

        Stopwatch sinceTold = Stopwatch.StartNew();
        fleet.Worker("w0").Signal("TERM");
        Assert.Equal(0, await fleet.Worker("w0").EndAsync());

        output.WriteLine($"finished and ended after {sinceTold.Elapsed.TotalSeconds:F1} s");
        Assert.InRange(sinceTold.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        _ = await client.UntilAsync(job, chunk => chunk.State == ChunkStep.Succeeded);
        ApiAttempt only = Assert.Single(Assert.Single(await client.AttemptsAsync(job)));
        Assert.Equal((AttemptEnding.Fused, "w0"), (only.Outcome, only.Worker));
    }

    [Theory]
    [InlineData("TERM", "1")]
    [InlineData("USR1", "600")]
    [InlineData("TERM USR1", "600")]
    public async Task Signal_WithoutTimeEnough_HandsTheChunkBack_AndAnotherTakesItAtOnce(string signals, string drain)
    {
        using TestFolder folder = new();
        string clip = folder["long.mp4"];
        Clips.Make(clip, "-stream_loop", "4", "-i", Clips.Talking, "-c", "copy");
        await using FleetProcesses fleet = await StartAsync(workers: 2, drain);
        using FleetClient client = await FleetClient.OfAsync(fleet);
        string job = await SubmitAsync(fleet, clip);
        ApiChunk begun = await client.UntilAsync(job, chunk => chunk is { State: ChunkStep.Running, FramesDone: > 0 });
        HeardFfb leaving = fleet.Worker(begun.Worker!);

        DateTimeOffset told = TimeProvider.System.GetUtcNow();
        Stopwatch sinceTold = Stopwatch.StartNew();
        foreach (string signal in signals.Split(' '))
        {
            leaving.Signal(signal);
        }

        ApiChunk again = await client.UntilAsync(
            job,
            chunk => chunk is { State: ChunkStep.Running, Attempt: 2, FramesDone: > 0 }
        );
        TimeSpan toSecond = sinceTold.Elapsed;
        Assert.Equal(0, await leaving.EndAsync());

        Assert.InRange(sinceTold.Elapsed, TimeSpan.Zero, Soon);
        Assert.NotEqual(begun.Worker, again.Worker);
        IReadOnlyList<ApiAttempt> tries = Assert.Single(await client.AttemptsAsync(job));
        Assert.Equal([AttemptEnding.Voided, AttemptEnding.Open], tries.Select(t => t.Outcome));
        Assert.Equal("worker-stopped", tries[0].Failure!.Code);
        TimeSpan toBack = tries[0].EndTime!.Value - told;
        TimeSpan toRelease = tries[1].ReleaseTime - told;
        output.WriteLine(
            $"{signals}: handed back after {toBack.TotalSeconds:F1} s, handed out again after {toRelease.TotalSeconds:F1} s, "
                + $"frames of another after {toSecond.TotalSeconds:F1} s, the process ended after {sinceTold.Elapsed.TotalSeconds:F1} s"
        );
        Assert.InRange(toBack, TimeSpan.Zero, Soon / 2);
        Assert.InRange(toRelease - toBack, TimeSpan.Zero, Soon / 5);
        Assert.InRange(toSecond, TimeSpan.Zero, Soon);
        await client.CancelAsync(job);
    }

    private static Task<FleetProcesses> StartAsync(int workers, string drain) =>
        FleetProcesses.StartAsync(workers, ("FFB_HEARTBEAT", "30"), ("FFB_DRAIN", drain));

    /// <summary>A job of one chunk.</summary>
    private static async Task<string> SubmitAsync(FleetProcesses fleet, string target)
    {
        FfbResult submitted = await fleet.AskAsync([
            .. (string[])["submit", "--source", Clips.Portrait, "--target", target, "--preset", "ultrafast"],
            .. (string[])["--chunk-frames", "1200"],
        ]);
        Assert.True(submitted.Exit == 0, submitted.Error);
        return submitted.Output.Trim();
    }
}
