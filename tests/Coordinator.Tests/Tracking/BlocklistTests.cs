using FaceFusion.Batch.Contracts.Api.Workers;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.TestKit;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Tracking;

/// <summary>Who is taken out of work: a worker that fails what others can do, and no other.</summary>
public sealed class BlocklistTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Worker_WhoseFailuresOthersFuse_GetsNoMoreWork(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder, o => o with { IsEmbedded = false });
        Guid job = await desk.AddFusingJobAsync(chunks: 4);
        await desk.HelloAsync(worker: "good");
        await desk.HelloAsync(worker: "bad");

        for (int chunk = 3; chunk >= 1; chunk--)
        {
            Assert.Null((await WorkerAsync(desk, "bad")).BlockedAt);
            await FailAsync(desk, job, chunk, "bad");
            await FuseAsync(desk, job, chunk, "good");
        }

        WorkerRow bad = await WorkerAsync(desk, "bad");
        Assert.Equal((3, true, desk.Clock.GetUtcNow()), (bad.Strikes, bad.IsDraining, bad.BlockedAt!.Value));
        Assert.Contains(await desk.Recorder.WaitAsync<DrainWorker>(1), m => m is { WorkerId: "bad", IsDraining: true });
        Assert.Equal(1, (await desk.Get<LiveWorkers>().CountAsync(default)).Workers);
        Assert.Equal(0, (await WorkerAsync(desk, "good")).Strikes);

        _ = await desk.Get<LiveWorkers>().DrainAsync("bad", isDraining: false, default);
        bad = await WorkerAsync(desk, "bad");
        Assert.Equal((0, false, null), (bad.Strikes, bad.IsDraining, bad.BlockedAt));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Worker_ThatFusesInBetween_IsForgiven(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder, o => o with { IsEmbedded = false });
        Guid job = await desk.AddFusingJobAsync(chunks: 5);
        await desk.HelloAsync(worker: "good");
        await desk.HelloAsync(worker: "moody");
        for (int chunk = 4; chunk >= 1; chunk--)
        {
            if (chunk == 2)
            {
                await FuseAsync(desk, job, chunk, "moody");
                continue;
            }

            await FailAsync(desk, job, chunk, "moody");
            await FuseAsync(desk, job, chunk, "good");
        }

        WorkerRow moody = await WorkerAsync(desk, "moody");
        Assert.Equal((1, null), (moody.Strikes, moody.BlockedAt));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Chunk_ThatNobodyCanFuse_BlocksNobody_AndEndsTheJobOfALoneWorkerToo(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder, o => o with { IsEmbedded = false });
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync();
        for (int attempt = 1; attempt <= 10; attempt++)
        {
            Assert.Equal(JobState.Fusing, (await desk.JobAsync(job)).State);
            await FailAsync(desk, job, 0, "w1");
        }

        JobRow failed = await desk.JobAsync(job);
        Assert.Equal((JobState.Failed, "decode-failed"), (failed.State, failed.Failure?.Code));
        Assert.Equal(0, (await WorkerAsync(desk, "w1")).Strikes);
    }

    [Fact]
    public async Task Worker_WhoseSegmentIsNotWhatItSays_IsStruckToo()
    {
        await using Desk desk = await Desk.OpenAsync("sqlite", _folder, o => o with { IsEmbedded = false });
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync(worker: "good");
        await desk.HelloAsync(worker: "liar");
        _ = await desk.Recorder.WaitAsync<FuseChunk>(1);

        await desk.FusedAsync((await desk.StoreAsync(job, 0, worker: "liar")) with { Frames = 9 });
        await FuseAsync(desk, job, 0, "good");

        Assert.Equal(1, (await WorkerAsync(desk, "liar")).Strikes);
    }

    [Fact]
    public async Task Blocked_IsWhatAnOperatorReads_UntilItIsResumed()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, "sqlite", new ManualTimeProvider());
        await host.Get<LiveWorkers>().ReportAsync(new WorkerReported("bad", 1, 0), default);
        await using (JobsDbContext context = await host.NewContextAsync())
        {
            _ = await context.Workers.ExecuteUpdateAsync(set =>
                set.SetProperty(w => w.BlockedAt, DateTimeOffset.UnixEpoch).SetProperty(w => w.Strikes, 3)
            );
        }

        HttpClient operators = await host.ClientAsync("acme", ApiScope.Workers);
        ApiWorker blocked = await (await operators.GetAsync("/v1/workers/bad")).ReadAsync<ApiWorker>();
        ApiWorker resumed = await (await operators.PostAsync("/v1/workers/bad:resume", null)).ReadAsync<ApiWorker>();

        Assert.Equal(
            (WorkerStep.Blocked, 3, DateTimeOffset.UnixEpoch),
            (blocked.State, blocked.Strikes, blocked.BlockTime)
        );
        Assert.Equal((WorkerStep.Live, 0, null), (resumed.State, resumed.Strikes, resumed.BlockTime));
    }

    private static async Task FailAsync(Desk desk, Guid job, int chunk, string worker)
    {
        int attempt = await ReleasedAsync(desk, job, chunk);
        await desk.Fusion.FailedAsync(new ChunkFailed(job, chunk, attempt, worker, Faults.Lasting), default);
    }

    private static async Task FuseAsync(Desk desk, Guid job, int chunk, string worker)
    {
        _ = await ReleasedAsync(desk, job, chunk);
        await desk.FusedAsync(await desk.StoreAsync(job, chunk, worker: worker));
        Assert.Equal(ChunkState.Fused, (await desk.ChunkAsync(job, chunk)).State);
    }

    /// <summary>Waits until the chunk is out; its attempt.</summary>
    private static async Task<int> ReleasedAsync(Desk desk, Guid job, int chunk)
    {
        await Deadline.UntilAsync(
            async () => (await desk.ChunkAsync(job, chunk)).State == ChunkState.Released,
            $"chunk {chunk}"
        );
        return (await desk.ChunkAsync(job, chunk)).Attempt;
    }

    private static async Task<WorkerRow> WorkerAsync(Desk desk, string worker)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        return await context.Workers.AsNoTracking().SingleAsync(w => w.Id == worker);
    }
}
