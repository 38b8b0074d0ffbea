using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Tracking;

public sealed class FailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Failed_ThreeTransientAttempts_QuarantinesAndFailsTheJobWithTheCause(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync();
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            _ = await desk.Recorder.WaitAsync<FuseChunk>(attempt);
            Assert.Equal(JobState.Fusing, (await desk.JobAsync(job)).State);
            await desk.Fusion.FailedAsync(
                new ChunkFailed(job, 0, attempt, "w1", Faults.Transient),
                CancellationToken.None
            );
        }

        JobRow failed = await desk.JobAsync(job);
        Assert.Equal(JobState.Failed, failed.State);
        Assert.Equal("encode-failed", failed.Failure?.Code);
        Assert.Contains("chunk 0, frames [0, 10)", failed.Failure?.Message);
        Assert.Equal(ChunkState.Quarantined, (await desk.ChunkAsync(job, 0)).State);
        _ = await desk.Recorder.WaitAsync<JobCancelled>(1);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Failed_ByTheInput_FailsTheJobAtOnce(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 2);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<FuseChunk>(2);

        await desk.Fusion.FailedAsync(new ChunkFailed(job, 1, 1, "w1", Faults.Input), CancellationToken.None);

        Assert.Equal("video-truncated", (await desk.JobAsync(job)).Failure?.Code);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Failed_InAFleet_NeedsThreeDistinctWorkers(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder, o => o with { IsEmbedded = false });
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync();
        string[] workers = ["w1", "w1", "w1", "w2"];
        for (int attempt = 1; attempt <= workers.Length; attempt++)
        {
            _ = await desk.Recorder.WaitAsync<FuseChunk>(attempt);
            await desk.Fusion.FailedAsync(
                new ChunkFailed(job, 0, attempt, workers[attempt - 1], Faults.Lasting),
                CancellationToken.None
            );
        }

        _ = await desk.Recorder.WaitAsync<FuseChunk>(5);
        Assert.Equal(JobState.Fusing, (await desk.JobAsync(job)).State);
        await desk.Fusion.FailedAsync(new ChunkFailed(job, 0, 5, "w3", Faults.Lasting), CancellationToken.None);
        Assert.Equal(JobState.Failed, (await desk.JobAsync(job)).State);
    }

    [Theory]
    [InlineData(true, JobState.Failed)]
    [InlineData(false, JobState.Scanning)]
    public async Task Scan_OnAFullDisk_IsForGoodOnOneMachine_AndTriedAgainInAFleet(bool isEmbedded, JobState then)
    {
        await using Desk desk = await Desk.OpenAsync(
            "sqlite",
            _folder,
            options => options with { IsEmbedded = isEmbedded }
        );
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await using (JobsDbContext context = await desk.NewContextAsync())
        {
            _ = await context
                .Jobs.Where(j => j.Id == job)
                .ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Scanning));
        }

        Failure full = new(FailureKind.StorageFault, "disk-full", "The disk is full.", false);
        await desk.Get<Coordinator.Scanning.ScanStage>()
            .FailedAsync(new ScanFailed(job, 3, "w1", full), CancellationToken.None);

        Assert.Equal(then, (await desk.JobAsync(job)).State);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Failed_BecauseTheWorkerStopped_CountsForNothing(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync();
        for (int attempt = 1; attempt <= 5; attempt++)
        {
            _ = await desk.Recorder.WaitAsync<FuseChunk>(attempt);
            await desk.Fusion.FailedAsync(
                new ChunkFailed(job, 0, attempt, "w1", Faults.Stopped),
                CancellationToken.None
            );
        }

        Assert.Equal(JobState.Fusing, (await desk.JobAsync(job)).State);
    }

    [Theory]
    [InlineData(JobState.Succeeded)]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Cancelled)]
    [InlineData(JobState.Declined)]
    public async Task AnyWord_AfterTheEnd_ChangesNothing(JobState end)
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<FuseChunk>(1);
        ChunkFused fused = await desk.StoreAsync(job, 0);
        Assert.True(await desk.Get<JobLedger>().EndAsync(job, end, null, CancellationToken.None));

        await desk.Fusion.ProgressedAsync(new ChunkProgressed(job, 0, 1, "w1", 3), CancellationToken.None);
        await desk.FusedAsync(fused);
        await desk.Fusion.FailedAsync(new ChunkFailed(job, 0, 1, "w1", Faults.Input), CancellationToken.None);
        await desk.Get<Coordinator.Scanning.ScanStage>()
            .FailedAsync(new ScanFailed(job, 3, "w1", Faults.Input), CancellationToken.None);
        await desk.Sweeper.SweepAsync(CancellationToken.None);

        Assert.Equal((end, null), ((await desk.JobAsync(job)).State, (await desk.JobAsync(job)).Failure));
        Assert.Equal(
            (ChunkState.Released, 1),
            ((await desk.ChunkAsync(job, 0)).State, (await desk.ChunkAsync(job, 0)).Attempt)
        );
        Assert.Equal(0, await desk.Dispatcher.ReleaseAsync(CancellationToken.None));
        Assert.False(await desk.Jobs.CancelAsync(job, CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Cancel_WhileFusing_EndsTheJobOnceAndTellsTheWorkers(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 9);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<FuseChunk>(2);

        bool[] ends = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => desk.Jobs.CancelAsync(job, CancellationToken.None))
        );
        await desk.HelloAsync(slots: 4);

        _ = Assert.Single(ends, e => e);
        _ = await desk.Recorder.WaitAsync<JobCancelled>(1);
        Assert.Equal(0, await desk.Dispatcher.ReleaseAsync(CancellationToken.None));
        Assert.Equal(2, desk.Recorder.All<FuseChunk>().Count);
        // Whoever missed the broadcast is told at the next heartbeat.
        await desk.Fusion.ProgressedAsync(new ChunkProgressed(job, 8, 1, "w1", 3), CancellationToken.None);
        _ = await desk.Recorder.WaitAsync<AttemptVoided>(1);
    }
}
