using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Hosting.Metrics;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Tracking;

/// <summary>Words of workers that must change nothing: each is refused, and counted.</summary>
public sealed class WordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Cases()
    {
        TheoryData<string, string> cases = [];
        foreach (
            string word in (string[])["old attempt", "future attempt", "no such chunk", "no such job", "cancelled"]
        )
        {
            cases.Add("sqlite", word);
            cases.Add("postgres", word);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Fused_ThatDoesNotCount_ChangesNothingAndIsCounted(string database, string word)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        using PrometheusPage page = new([desk.Get<CommitMeter>().Meter]);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<FuseChunk>(1);
        ChunkFused fused = await desk.StoreAsync(job, 0);
        switch (word)
        {
            case "old attempt":
                await desk.Fusion.FailedAsync(new ChunkFailed(job, 0, 1, "w1", Faults.Stopped), default);
                _ = await desk.Recorder.WaitAsync<FuseChunk>(2);
                break;
            case "future attempt":
                fused = fused with { Attempt = 2 };
                break;
            case "no such chunk":
                fused = fused with { ChunkIndex = 7 };
                break;
            case "no such job":
                fused = fused with { JobId = Guid.NewGuid() };
                break;
            case "cancelled":
                Assert.True(await desk.Jobs.CancelAsync(job, default));
                break;
        }

        JobRow before = await desk.JobAsync(job);
        await desk.FusedAsync(fused);

        Assert.NotEqual(ChunkState.Fused, (await desk.ChunkAsync(job, 0)).State);
        Assert.Equal(
            (before.State, before.Version),
            ((await desk.JobAsync(job)).State, (await desk.JobAsync(job)).Version)
        );
        Assert.Contains("ffb_chunks_refused_total 1\n", page.Write(), StringComparison.Ordinal);
        Assert.DoesNotContain("ffb_frames_committed_total 10", page.Write(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Fused_TenTimesAtOnceAndTenTimesMore_CountsOnce(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        using PrometheusPage page = new([desk.Get<CommitMeter>().Meter]);
        Guid job = await desk.AddFusingJobAsync(chunks: 2);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<FuseChunk>(2);
        ChunkFused fused = await desk.StoreAsync(job, 0);

        await desk.FusedAsync([.. Enumerable.Repeat(fused, 10)]);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => desk.FusedAsync(fused)));

        Assert.Contains("ffb_frames_committed_total 10\n", page.Write(), StringComparison.Ordinal);
        await using JobsDbContext context = await desk.NewContextAsync();
        Assert.Equal(1, await context.Attempts.CountAsync(a => a.Outcome == AttemptOutcome.Fused));
        Assert.Equal(1, await context.JobEvents.CountAsync(e => e.Kind == JobEventKind.ChunkSucceeded));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Reports_OfUnknownTwiceNamedAndMadWorkers_DoNoHarm(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        LiveWorkers workers = desk.Get<LiveWorkers>();
        await workers.ReportAsync(new WorkerReported("twice", 2, 1), default);
        await workers.ReportAsync(new WorkerReported("twice", 2, 0), default);
        await workers.ReportAsync(new WorkerReported("greedy", int.MaxValue, int.MinValue), default);
        await workers.ReportAsync(new WorkerReported("less", -3, -1), default);
        await workers.ReportAsync(new WorkerReported("", 1, 0), default);
        await workers.ReportAsync(new WorkerReported(new string('w', 10_000), 1, 0), default);

        LiveSlots slots = await workers.CountAsync(default);

        Assert.Equal((2, 2 + LiveWorkers.MostSlots, 0), (slots.Workers, slots.Slots, slots.Busy));
        await using JobsDbContext context = await desk.NewContextAsync();
        List<WorkerRow> rows = await context.Workers.OrderBy(w => w.Id).ToListAsync();
        Assert.Equal(["greedy", "less", "twice"], rows.Select(w => w.Id));
        // The clock of the Coordinator counts; a word carries none.
        Assert.All(rows, row => Assert.Equal(desk.Clock.GetUtcNow(), row.LastSeen));
    }
}
