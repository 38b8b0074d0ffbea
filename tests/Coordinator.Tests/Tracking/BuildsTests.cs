using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Scanning;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Tracking;

/// <summary>What becomes of a job while the workers of its fleet are replaced by those of another build.</summary>
public sealed class BuildsTests : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(90);

    private static readonly Failure Differs = new(FailureKind.ModelFault, Failure.PipelineDiffers, "Another.", true);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Job_WhoseBuildHasLeft_IsDoneAnewByTheOneThatIsThere(string database)
    {
        await using Desk desk = await OpenAsync(database);
        Guid job = await AddJobAsync(desk);
        await HelloAsync(desk, "old", "old");
        _ = await desk.Recorder.WaitAsync<FuseChunk>(2);
        await desk.FusedAsync(await desk.StoreAsync(job, 2, worker: "old"));
        ChunkFused late = await desk.StoreAsync(job, 1, worker: "old");
        Assert.Equal(ChunkState.Fused, (await desk.ChunkAsync(job, 2)).State);

        await PassAsync(desk, Grace - TimeSpan.FromSeconds(1), "new");
        Assert.Equal(JobState.Fusing, (await desk.JobAsync(job)).State);
        Assert.Equal(ChunkState.Fused, (await desk.ChunkAsync(job, 2)).State);

        await PassAsync(desk, TimeSpan.FromSeconds(30), "new");
        ScanVideo order = (await desk.Recorder.WaitAsync<ScanVideo>(1))[0];
        JobRow anew = await desk.JobAsync(job);
        Assert.Equal((JobState.Scanning, null, null), (anew.State, anew.Build, anew.PipelineKey));
        Assert.Contains(anew.Warnings, w => w.Contains("another build", StringComparison.Ordinal));
        await desk.FusedAsync(late);
        await using JobsDbContext context = await desk.NewContextAsync();
        Assert.All(
            await context.Chunks.AsNoTracking().Where(c => c.JobId == job).ToListAsync(),
            c => Assert.Equal((ChunkState.Waiting, null), (c.State, c.SegmentSha256))
        );
        Assert.All(
            await context.Attempts.AsNoTracking().Where(a => a.JobId == job).ToListAsync(),
            a => Assert.Equal(AttemptOutcome.Voided, a.Outcome)
        );
        Assert.Single(
            await context.JobEvents.AsNoTracking().Where(e => e.JobId == job).ToListAsync(),
            e => e is { Kind: JobEventKind.StateChanged, State: JobState.Scanning, Code: Builds.Gone }
        );

        VideoScanned scanned = SegmentPress.Scan(order, "new") with { PipelineKey = "new key", Build = "new" };
        await desk.Get<ScanStage>().ScannedAsync(scanned, default);
        await Deadline.UntilAsync(async () => (await desk.JobAsync(job)).State == JobState.Fusing, "fusion");
        await HelloAsync(desk, "new", "new");
        await Deadline.UntilAsync(
            () => Task.FromResult(desk.Recorder.All<FuseChunk>().Any(o => o.PipelineKey == "new key")),
            "an order for the new build"
        );
        await PassAsync(desk, Grace * 2, "new");
        Assert.Equal((JobState.Fusing, "new"), ((await desk.JobAsync(job)).State, (await desk.JobAsync(job)).Build));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Job_WhoseBuildIsHeardOf_OrAlone_IsWaitedFor(string database)
    {
        await using Desk desk = await OpenAsync(database);
        Guid job = await AddJobAsync(desk);
        await HelloAsync(desk, "old", "old");
        await HelloAsync(desk, "new", "new");
        _ = await desk.Get<LiveWorkers>().DrainAsync("old", isDraining: true, default);

        // Drained, it may be resumed; and a fleet of nobody has no other build.
        await PassAsync(desk, Grace * 2, "new", "old");
        Assert.Equal(JobState.Fusing, (await desk.JobAsync(job)).State);
        await PassAsync(desk, Grace * 2);
        Assert.Equal(JobState.Fusing, (await desk.JobAsync(job)).State);
        await PassAsync(desk, TimeSpan.FromSeconds(30), "new");
        Assert.Equal(JobState.Scanning, (await desk.JobAsync(job)).State);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Worker_OfAnotherBuild_LeavesChunksToOthers_WithoutHarmToJobOrItself(string database)
    {
        await using Desk desk = await OpenAsync(database);
        Guid job = await AddJobAsync(desk);
        await HelloAsync(desk, "old", "old");
        for (int i = 0; i < 12; i++)
        {
            string worker = $"new{i}";
            await HelloAsync(desk, worker, "new");
            await RefuseAsync(desk, job, worker);
            Assert.Equal(JobState.Fusing, (await desk.JobAsync(job)).State);
        }

        await desk.FusedAsync(await desk.StoreAsync(job, 2, worker: "old"));
        await using JobsDbContext context = await desk.NewContextAsync();
        Assert.Equal(0, await context.Workers.MaxAsync(w => w.Strikes));

        // One of its own build that cannot is another matter: somebody must end the job.
        for (int i = 0; i < 3; i++)
        {
            await HelloAsync(desk, $"odd{i}", "old");
            await RefuseAsync(desk, job, $"odd{i}", chunk: 1);
        }

        JobRow failed = await desk.JobAsync(job);
        Assert.Equal((JobState.Failed, Failure.PipelineDiffers), (failed.State, failed.Failure!.Code));
    }

    private Task<Desk> OpenAsync(string database) =>
        Desk.OpenAsync(database, _folder, o => o with { IsEmbedded = false, BuildGraceSeconds = Grace.TotalSeconds });

    private static async Task<Guid> AddJobAsync(Desk desk)
    {
        Guid job = await desk.AddFusingJobAsync(chunks: 3);
        await using JobsDbContext context = await desk.NewContextAsync();
        _ = await context.Jobs.Where(j => j.Id == job).ExecuteUpdateAsync(set => set.SetProperty(j => j.Build, "old"));
        return job;
    }

    private static Task HelloAsync(Desk desk, string worker, string build) =>
        desk.Get<LiveWorkers>().ReportAsync(new WorkerReported(worker, 1, 0, Build: build), default);

    /// <summary>Time passes in which only these are heard of.</summary>
    private static async Task PassAsync(Desk desk, TimeSpan time, params string[] heard)
    {
        TimeSpan step = TimeSpan.FromSeconds(5);
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += step)
        {
            desk.Clock.Advance(time - passed < step ? time - passed : step);
            foreach (string worker in heard)
            {
                await HelloAsync(desk, worker, worker);
            }

            await desk.Sweeper.SweepAsync(default);
        }
    }

    private static async Task RefuseAsync(Desk desk, Guid job, string worker, int chunk = 2)
    {
        await Deadline.UntilAsync(
            async () => (await desk.ChunkAsync(job, chunk)).State == ChunkState.Released,
            "the chunk's release"
        );
        int attempt = (await desk.ChunkAsync(job, chunk)).Attempt;
        await desk.Fusion.FailedAsync(new ChunkFailed(job, chunk, attempt, worker, Differs), default);
    }
}
