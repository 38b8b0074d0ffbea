using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;

namespace FaceFusion.Batch.Coordinator.Tests.Assembling;

/// <summary>A store that changes what rests in it.</summary>
public sealed class SegmentDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Assemble_SegmentDamagedAgainAndAgain_FailsTheJobWithTheCause()
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync();

        for (int attempt = 1; attempt <= 3; attempt++)
        {
            _ = await desk.Recorder.WaitAsync<FuseChunk>(attempt);
            await FuseAndDamageAsync(desk, job);
        }

        _ = await desk.Recorder.WaitAsync<JobCancelled>(1);
        JobRow failed = await desk.JobAsync(job);
        Assert.Equal((JobState.Failed, "segment-damaged"), (failed.State, failed.Failure?.Code));
        Assert.Equal(FailureKind.StorageFault, failed.Failure?.Kind);
        Assert.Contains("chunk 0, frames [0, 10)", failed.Failure?.Message);
        Assert.Equal(3, desk.Recorder.All<FuseChunk>().Count);
        IReadOnlyList<AttemptRow> history = await desk.Get<ChunkLedger>().HistoryAsync(job, 0, CancellationToken.None);
        Assert.All(history, a => Assert.Equal(AttemptOutcome.Damaged, a.Outcome));
    }

    [Fact]
    public async Task Assemble_SegmentDamagedTwice_IsFusedAThirdTime()
    {
        await using Desk desk = await Desk.OpenAsync(_folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await desk.HelloAsync();

        for (int attempt = 1; attempt <= 2; attempt++)
        {
            _ = await desk.Recorder.WaitAsync<FuseChunk>(attempt);
            await FuseAndDamageAsync(desk, job);
        }

        _ = await desk.Recorder.WaitAsync<FuseChunk>(3);
        Assert.Equal(JobState.Fusing, (await desk.JobAsync(job)).State);
    }

    /// <summary>The chunk's newest attempt succeeds, and its segment has another byte before anybody reads it back.</summary>
    private static async Task FuseAndDamageAsync(Desk desk, Guid job)
    {
        ChunkFused fused = await desk.StoreAsync(job, 0);
        string path = desk.Store.FindLocalPath(
            ChunkBlobs.Segment(await desk.JobAsync(job), await desk.ChunkAsync(job, 0))
        )!;
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[7] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        await desk.FusedAsync(fused);
    }
}
