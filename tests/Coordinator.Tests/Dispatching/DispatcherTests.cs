using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tests.Dispatching;

public sealed class DispatcherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Release_KeepsTwiceTheSlotsInFlight_CostliestFirst(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 9);
        Assert.Equal(0, await desk.Dispatcher.ReleaseAsync(CancellationToken.None));

        await desk.HelloAsync(slots: 2);

        IReadOnlyList<FuseChunk> orders = await desk.Recorder.WaitAsync<FuseChunk>(4);
        Assert.Equal(0, await desk.Dispatcher.ReleaseAsync(CancellationToken.None));
        Assert.Equal([5, 6, 7, 8], orders.Select(o => o.ChunkIndex).Order());
        IReadOnlyList<ChunkRow> rows = await desk.Get<ChunkLedger>().ListAsync(job, CancellationToken.None);
        Assert.Equal([5, 6, 7, 8], rows.Where(c => c.State == ChunkState.Released).Select(c => c.Index));
        Assert.All(orders, o => Assert.Equal((job, 1, 5), (o.JobId, o.Attempt, o.HeartbeatSeconds)));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Release_ForDeadWorkers_DoesNothing(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        await desk.HelloAsync(slots: 2);
        desk.Clock.Advance(TimeSpan.FromSeconds(21));
        _ = await desk.AddFusingJobAsync(chunks: 3);

        Assert.Equal(0, await desk.Dispatcher.ReleaseAsync(CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Release_ForADrainedWorker_IsForTheOthersAlone_UntilItIsResumed(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        await desk.HelloAsync(slots: 3, worker: "w1");
        await desk.HelloAsync(slots: 1, worker: "w2");
        Assert.True(await desk.Get<LiveWorkers>().DrainAsync("w1", true, CancellationToken.None));
        Assert.False(await desk.Get<LiveWorkers>().DrainAsync("w3", true, CancellationToken.None));

        _ = await desk.AddFusingJobAsync(chunks: 20);
        // By the loop alone: two that fill the window at the same moment fill it twice.
        desk.Get<WakeSignal>().Set();
        Assert.Equal(2, (await desk.Recorder.WaitAsync<FuseChunk>(2)).Count);
        Assert.Equal(0, await desk.Dispatcher.ReleaseAsync(CancellationToken.None));

        // It has not heard of it, so it is told again; then it knows.
        await desk.HelloAsync(slots: 3, worker: "w1");
        Assert.Equal(new DrainWorker("w1", true), (await desk.Recorder.WaitAsync<DrainWorker>(2))[1]);
        await desk.Get<LiveWorkers>().ReportAsync(new WorkerReported("w1", 3, 0, true), CancellationToken.None);
        Assert.True(await desk.Get<LiveWorkers>().DrainAsync("w1", false, CancellationToken.None));
        Assert.Equal(new DrainWorker("w1", false), (await desk.Recorder.WaitAsync<DrainWorker>(3))[2]);
        Assert.Equal(8, (await desk.Recorder.WaitAsync<FuseChunk>(8)).Count);
        Assert.Equal(3, desk.Recorder.All<DrainWorker>().Count);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Release_PassesTheSidecarsThatCoverAChunk(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        foreach ((int start, int end) in new[] { (0, 10), (10, 15), (25, 30) })
        {
            BlobName name = BlobNames.Sidecar(new string('a', 64), new string('b', 64), start, end);
            _ = await desk.Store.PutAsync(name, new MemoryStream([1]), CancellationToken.None);
        }

        _ = await desk.AddFusingJobAsync(chunks: 3);
        await desk.HelloAsync(slots: 2);

        IReadOnlyList<FuseChunk> orders = await desk.Recorder.WaitAsync<FuseChunk>(3);
        FuseChunk covered = orders.Single(o => o.ChunkIndex == 0);
        Assert.Equal([0, 10, 25], covered.Sidecars.Select(s => s.Range.Start).Order());
        Assert.All(orders.Where(o => o.ChunkIndex > 0), o => Assert.Empty(o.Sidecars));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Sweep_LeaseRunOut_ReleasesTheChunkAgain(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<FuseChunk>(1);
        await desk.Fusion.ProgressedAsync(new(job, 0, 1, "w1", 4), CancellationToken.None);
        desk.Clock.Advance(TimeSpan.FromSeconds(15));
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        Assert.Equal(ChunkState.Running, (await desk.ChunkAsync(job, 0)).State);

        desk.Clock.Advance(TimeSpan.FromSeconds(6));
        await desk.HelloAsync(busy: 1);
        await desk.Sweeper.SweepAsync(CancellationToken.None);

        IReadOnlyList<FuseChunk> orders = await desk.Recorder.WaitAsync<FuseChunk>(2);
        Assert.Equal([1, 2], orders.Select(o => o.Attempt));
        Assert.NotEqual(orders[0].SegmentPutUrl, orders[1].SegmentPutUrl);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Sweep_LostMessage_IsSentAgainOnlyWhileASlotIsIdleOrAfterTheQueueLease(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync(busy: 1);
        _ = await desk.Recorder.WaitAsync<FuseChunk>(1);
        desk.Clock.Advance(TimeSpan.FromSeconds(21));
        await desk.HelloAsync(busy: 1);
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        Assert.Equal(1, (await desk.ChunkAsync(job, 0)).Attempt);

        await desk.HelloAsync(busy: 0);
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        _ = await desk.Recorder.WaitAsync<FuseChunk>(2);

        desk.Clock.Advance(TimeSpan.FromSeconds(601));
        await desk.HelloAsync(busy: 1);
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        _ = await desk.Recorder.WaitAsync<FuseChunk>(3);
        Assert.Equal(JobState.Fusing, (await desk.JobAsync(job)).State);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Sweep_ChunkThatTakesItsWorkerDown_IsQuarantined(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder, o => o with { LossesToQuarantine = 2 });
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        for (int attempt = 1; attempt <= 2; attempt++)
        {
            await desk.HelloAsync();
            _ = await desk.Recorder.WaitAsync<FuseChunk>(attempt);
            await desk.Fusion.ProgressedAsync(new(job, 0, attempt, "w1", 1), CancellationToken.None);
            desk.Clock.Advance(TimeSpan.FromSeconds(21));
            await desk.Sweeper.SweepAsync(CancellationToken.None);
        }

        JobRow failed = await desk.JobAsync(job);
        Assert.Equal((JobState.Failed, "chunk-lost"), (failed.State, failed.Failure?.Code));
    }
}
