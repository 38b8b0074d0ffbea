using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>A fleet whose workers come and go with the work, as on a cluster: processes of <c>ffb worker</c> under <c>ffb scale</c>.</summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    private const double Cooldown = 4;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(40);

    private static readonly string[] Quick =
    [
        .. (string[])["--every", "0.5", "--window", "2", "--cooldown", $"{Cooldown}", "--output-format", "json"],
    ];

    [Fact]
    public async Task Burst_WorkersGoFromNoneToAllToNone_AndNothingIsLost()
    {
        using TestFolder folder = new();
        string clip = folder["clip.mp4"];
        Clips.Make(clip, "-i", Clips.Talking, "-t", "2", "-c", "copy");
        await using FleetProcesses fleet = await FleetProcesses.StartAsync(workers: 0);
        using FleetClient client = await FleetClient.OfAsync(fleet);
        HeardFfb scale = await fleet.StartScaleAsync(["--max", "2", "--target", "1", .. Quick]);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.Empty(fleet.ScaledWorkers);

        Stopwatch sinceSubmit = Stopwatch.StartNew();
        List<string> jobs = [];
        for (int i = 0; i < 3; i++)
        {
            FfbResult submitted = await fleet.AskAsync([
                .. (string[])["submit", "--source", Clips.Portrait, "--target", clip, "--preset", "ultrafast"],
                .. (string[])["--chunk-frames", "17"],
            ]);
            Assert.True(submitted.Exit == 0, submitted.Error);
            jobs.Add(submitted.Output.Trim());
        }

        _ = await client.UntilAsync(jobs[0], chunk => chunk.Attempt > 0);
        TimeSpan toFirst = sinceSubmit.Elapsed;
        FfbResult watched = await fleet.AskAsync(["jobs", "watch", .. jobs]);
        TimeSpan toLast = sinceSubmit.Elapsed;
        Assert.True(watched.Exit == 0, watched.Output + watched.Error);
        await RunningFfb.WaitAsync(() => fleet.ScaledWorkers.Length == 0, Soon);
        TimeSpan toNone = sinceSubmit.Elapsed;
        scale.Signal("TERM");
        Assert.Equal(0, await scale.EndAsync());

        output.WriteLine(
            FormattableString.Invariant(
                $"from the first submit: first chunk handed out {toFirst.TotalSeconds:F1} s, last job done {toLast.TotalSeconds:F1} s, no worker left {toNone.TotalSeconds:F1} s"
            )
        );
        JsonElement[] looks = await LooksAsync(scale);
        output.WriteLine(string.Join(' ', Steps(looks)));
        Assert.Equal(0, Wanted(looks[0]));
        Assert.Equal(2, looks.Max(Wanted));
        Assert.Equal((0, 0), (Wanted(looks[^1]), looks[^1].GetProperty("running").GetInt32()));
        Assert.InRange(IdleBeforeNone(looks), Cooldown, Cooldown + 15);
        foreach (string job in jobs)
        {
            string result = folder[$"{job}.mp4"];
            Assert.Equal(0, (await fleet.AskAsync("jobs", "download", job, "--output", result)).Exit);
            Assert.Equal(VideoFacts.FrameTimes(clip), VideoFacts.FrameTimes(result));
            // One try at each chunk: nobody was stopped in the middle of one, and none was done twice.
            IReadOnlyList<IReadOnlyList<ApiAttempt>> tries = await client.AttemptsAsync(job);
            Assert.Equal(3, tries.Count);
            Assert.All(tries, t => Assert.Equal(AttemptEnding.Fused, Assert.Single(t).Outcome));
        }
    }

    [Fact]
    public async Task AWorkerThatDies_IsReplaced_AndNoneOutlivesTheScaler_OrLeavesAChunkBehind()
    {
        await using FleetProcesses fleet = await FleetProcesses.StartAsync(workers: 0);
        using FleetClient client = await FleetClient.OfAsync(fleet);
        HeardFfb scale = await fleet.StartScaleAsync(["--min", "1", "--max", "2", .. Quick]);
        await scale.UntilAsync("worker .* is ready");
        int first = Assert.Single(fleet.ScaledWorkers);

        _ = Clips.Ask("kill", "-KILL", $"{first}");
        await RunningFfb.WaitAsync(() => fleet.ScaledWorkers is [var second] && second != first, Soon);
        await scale.UntilAsync("has ended by itself with exit code 137");
        await scale.UntilAsync("-2 is ready");
        scale.Signal("KILL");
        await RunningFfb.WaitAsync(() => fleet.ScaledWorkers.Length == 0, Soon);

        HeardFfb again = await fleet.StartScaleAsync(["--min", "2", "--max", "2", .. Quick]);
        await RunningFfb.WaitAsync(() => fleet.ScaledWorkers.Length == 2, Soon);
        FfbResult submitted = await fleet.AskAsync([
            .. (string[])["submit", "--source", Clips.Portrait, "--target", Clips.Talking, "--chunk-frames", "60"],
        ]);
        Assert.True(submitted.Exit == 0, submitted.Error);
        string job = submitted.Output.Trim();
        _ = await client.UntilAsync(job, chunk => chunk is { State: ChunkStep.Running, FramesDone: > 0 });
        again.Signal("TERM");
        Assert.Equal(0, await again.EndAsync());
        Assert.Empty(fleet.ScaledWorkers);
        // What was in hand was finished before its worker went.
        IReadOnlyList<ApiAttempt>[] begun = [.. (await client.AttemptsAsync(job)).Where(tries => tries.Count > 0)];
        Assert.NotEmpty(begun);
        Assert.Contains(begun, tries => tries[0].Outcome == AttemptEnding.Fused);
        Assert.DoesNotContain(begun, tries => tries[0] is { Worker: not null, Outcome: not AttemptEnding.Fused });
    }

    private static async Task<JsonElement[]> LooksAsync(HeardFfb scale) =>
        [
            .. (await scale.Output)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];

    private static int Wanted(JsonElement look) => look.GetProperty("wanted").GetInt32();

    private static DateTimeOffset Time(JsonElement look) => look.GetProperty("time").GetDateTimeOffset();

    /// <summary>Seconds from the last look at which something was owed to the first that wanted nobody.</summary>
    private static double IdleBeforeNone(JsonElement[] looks)
    {
        JsonElement busy = looks.Last(look => look.GetProperty("owedSeconds").GetDouble() > 0);
        JsonElement none = looks.First(look => Time(look) > Time(busy) && Wanted(look) == 0);
        return (Time(none) - Time(busy)).TotalSeconds;
    }

    /// <summary>Each change of the number wanted, with the seconds since the first look.</summary>
    private static IEnumerable<string> Steps(JsonElement[] looks)
    {
        int last = -1;
        foreach (JsonElement look in looks.Where(look => Wanted(look) != last))
        {
            last = Wanted(look);
            double at = (Time(look) - Time(looks[0])).TotalSeconds;
            yield return string.Create(CultureInfo.InvariantCulture, $"{at:F1} s: {last}");
        }
    }
}
