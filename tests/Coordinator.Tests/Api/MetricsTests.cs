using System.Text.RegularExpressions;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Workers;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Hosting.Metrics;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

/// <summary>The page for Prometheus: its form, and that it counts each frame once.</summary>
public sealed partial class MetricsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Write_WhileChunksWait_SaysWhatIsOwed(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        using PrometheusPage page = new([desk.Get<CommitMeter>().Meter]);
        using WorkOwed owed = new(
            desk.Get<IDbContextFactory<JobsDbContext>>(),
            desk.Get<LiveWorkers>(),
            desk.Get<CommitMeter>(),
            desk.Clock
        );
        Guid job = await desk.AddFusingJobAsync(chunks: 5);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(2);
        desk.Clock.Advance(TimeSpan.FromSeconds(7));
        await owed.RefreshAsync(CancellationToken.None);

        string before = page.Write();
        Assert.Equal(1, Read(before, "ffb_jobs{state=\"fusing\"}"));
        Assert.Equal(3, Read(before, "ffb_chunks{state=\"waiting\"}"));
        Assert.Equal(2, Read(before, "ffb_chunks{state=\"released\"}"));
        Assert.Equal(50, Read(before, "ffb_frames_owed"));
        Assert.Equal(50 * 0.02, Read(before, "ffb_work_owed_seconds"), 6);
        Assert.Equal(7, Read(before, "ffb_oldest_waiting_seconds"));
        Assert.Equal(1, Read(before, "ffb_slots{use=\"idle\"}"));

        await desk.FusedAsync(await desk.StoreAsync(job, 4));
        desk.Clock.Advance(TimeSpan.FromSeconds(2));
        ApiScaling scaling = await owed.ForScalingAsync(CancellationToken.None);
        Assert.Equal(40, Read(page.Write(), "ffb_frames_owed"));
        Assert.Equal((40, 0, 1, 1), (scaling.OwedFrames, scaling.UnplannedJobs, scaling.Workers, scaling.Slots));
        await using JobsDbContext context = await desk.Get<IDbContextFactory<JobsDbContext>>()
            .CreateDbContextAsync(CancellationToken.None);
        double seconds = await context.Chunks.Where(c => c.State == ChunkState.Fused).SumAsync(c => c.Seconds);
        Assert.True(seconds > 0);

        // What the database has of the chunk that is in, whichever Coordinator is asked.
        Assert.Equal(seconds / 10, scaling.SecondsPerFrame, 6);
        Assert.Equal(40 * scaling.SecondsPerFrame, scaling.OwedSeconds, 6);

        // Somebody must come and look at a job that was not looked at yet.
        _ = await context
            .Jobs.Where(j => j.Id == job)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(j => j.State, JobState.Queued).SetProperty(j => j.FrameCount, 0)
            );
        desk.Clock.Advance(TimeSpan.FromSeconds(2));
        scaling = await owed.ForScalingAsync(CancellationToken.None);
        Assert.Equal((0, 1), (scaling.OwedFrames, scaling.UnplannedJobs));
        Assert.Equal(WorkOwed.UnplannedFrames * scaling.SecondsPerFrame, scaling.OwedSeconds, 6);
    }

    [Fact]
    public async Task Get_AfterAJob_CountsEachFrameOnce()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, press: new SegmentPress());
        using HttpClient anybody = host.Client(null);
        ApiJob made = await host.Acme.DebugJobAsync();
        ApiJob done = await host.Acme.WaitForAsync(made, JobStep.Succeeded);

        string page = await anybody.GetStringAsync("/metrics");

        Assert.All(page.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(LineForm(), line));
        Assert.Equal(done.Progress!.FramesTotal, Read(page, "ffb_frames_committed_total"));
        Assert.Equal(done.Progress!.ChunksTotal, Read(page, "ffb_chunks_committed_total"));
        Assert.Equal(done.Progress!.ChunksTotal, Read(page, "ffb_attempts_ended_total{outcome=\"fused\"}"));
        Assert.Equal(done.Progress!.ChunksTotal, Read(page, "ffb_chunk_seconds_count"));
        Assert.Equal(done.Progress!.ChunksTotal, Read(page, "ffb_chunk_seconds_bucket{le=\"+Inf\"}"));
        Assert.Equal(0, Read(page, "ffb_frames_owed"));
        Assert.Equal(1, Read(page, "ffb_workers"));
    }

    private static double Read(string page, string name) =>
        double.Parse(
            page.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..],
            System.Globalization.CultureInfo.InvariantCulture
        );

    [GeneratedRegex("""^(# (HELP|TYPE) ffb_\w+ .+|ffb_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[0-9.E+-]+)$""")]
    private static partial Regex LineForm();
}
