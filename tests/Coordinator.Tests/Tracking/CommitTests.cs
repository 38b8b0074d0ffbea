using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tests.Tracking;

public sealed class CommitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Fused_NewestAttempt_IsAcceptedAndItsSidecarShelved(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 2);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(2);

        await desk.FusedAsync(await desk.StoreAsync(job, 0));

        ChunkRow chunk = await desk.ChunkAsync(job, 0);
        Assert.Equal((ChunkState.Fused, 10, "h"), (chunk.State, chunk.FramesDone, chunk.HeaderSha256));
        BlobName shelf = BlobNames.Sidecar(new string('a', 64), new string('b', 64), 0, 10);
        Assert.NotNull(await desk.Store.FindLengthAsync(shelf, CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Fused_ByAZombie_IsRefused(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(1);
        ChunkFused zombie = await desk.StoreAsync(job, 0);
        await desk.Fusion.ProgressedAsync(new ChunkProgressed(job, 0, 1, "w1", 4), CancellationToken.None);
        desk.Clock.Advance(TimeSpan.FromSeconds(21));
        await desk.HelloAsync();
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(2);

        await desk.FusedAsync(zombie);
        // The ledger itself refuses too, whatever its caller has looked at.
        bool taken = await desk.Get<ChunkLedger>().AcceptAsync(zombie, CancellationToken.None);

        ChunkRow chunk = await desk.ChunkAsync(job, 0);
        Assert.False(taken);
        Assert.Equal((ChunkState.Released, 2), (chunk.State, chunk.Attempt));
        Assert.Null(chunk.SegmentSha256);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Fused_TwiceAndLate_ChangesNothing(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 2);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(2);
        ChunkFused fused = await desk.StoreAsync(job, 0);
        await desk.FusedAsync(fused);

        await desk.FusedAsync(fused with { HeaderSha256 = "other" });
        await desk.Fusion.ProgressedAsync(new ChunkProgressed(job, 0, 1, "w1", 3), CancellationToken.None);
        await desk.Fusion.FailedAsync(new ChunkFailed(job, 0, 1, "w1", Faults.Transient), CancellationToken.None);

        ChunkRow chunk = await desk.ChunkAsync(job, 0);
        Assert.Equal((ChunkState.Fused, "h", 10), (chunk.State, chunk.HeaderSha256, chunk.FramesDone));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Fused_WithWrongFrameCountOrWithoutSegment_WaitsAgain(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 2);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(2);
        ChunkFused first = await desk.StoreAsync(job, 0);
        ChunkFused second = await desk.StoreAsync(job, 1);

        await desk.FusedAsync(first with { Frames = 9 });
        await desk.FusedAsync(second with { SegmentBytes = 1 });

        ChunkLedger ledger = desk.Get<ChunkLedger>();
        foreach ((int chunk, string code) in new[] { (0, "segment-frames"), (1, "segment-missing") })
        {
            IReadOnlyList<AttemptRow> history = await ledger.HistoryAsync(job, chunk, CancellationToken.None);
            Assert.Equal((AttemptOutcome.Failed, code), (history[0].Outcome, history[0].Failure?.Code));
            Assert.NotEqual(ChunkState.Fused, (await desk.ChunkAsync(job, chunk)).State);
        }
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Fused_WithAnotherHeaderThanMost_IsFusedAgain(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 3);
        await desk.HelloAsync(slots: 2);
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(3);

        await desk.FusedAsync(await desk.StoreAsync(job, 0, header: "odd"));
        await desk.FusedAsync(await desk.StoreAsync(job, 1));
        await desk.FusedAsync(await desk.StoreAsync(job, 2));

        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(4);
        ChunkRow odd = await desk.ChunkAsync(job, 0);
        Assert.Equal((ChunkState.Released, 2), (odd.State, odd.Attempt));
        Assert.Equal(JobState.Fusing, (await desk.JobAsync(job)).State);

        await desk.FusedAsync(await desk.StoreAsync(job, 0));

        Assert.NotEqual(JobState.Fusing, (await desk.JobAsync(job)).State);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Progressed_ByAnyoneButTheHolderOfTheNewestAttempt_IsToldToStop(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<Contracts.Commands.FuseChunk>(1);
        await desk.Fusion.ProgressedAsync(new ChunkProgressed(job, 0, 1, "w1", 2), CancellationToken.None);

        await desk.Fusion.ProgressedAsync(new ChunkProgressed(job, 0, 1, "w2", 1), CancellationToken.None);
        await desk.Fusion.ProgressedAsync(new ChunkProgressed(job, 0, 7, "w1", 1), CancellationToken.None);

        IReadOnlyList<AttemptVoided> told = await desk.Recorder.WaitAsync<AttemptVoided>(2);
        Assert.Contains(told, m => m is { Attempt: 1, WorkerId: "w2" });
        Assert.Contains(told, m => m is { Attempt: 7, WorkerId: "w1" });
        ChunkRow chunk = await desk.ChunkAsync(job, 0);
        Assert.Equal((ChunkState.Running, "w1", 2), (chunk.State, chunk.WorkerId, chunk.FramesDone));
    }
}
