using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Assembling;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Disk;
using Microsoft.Extensions.DependencyInjection;

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

    [Fact]
    public async Task FindBroken_SomeOfMany_GivesThemInOrder()
    {
        const int Chunks = 12;
        await using Desk desk = await Desk.OpenAsync(_folder);
        Guid job = await desk.AddFusingJobAsync(chunks: Chunks);
        await desk.HelloAsync(slots: Chunks);
        _ = await desk.Recorder.WaitAsync<FuseChunk>(Chunks);
        // The last one stays with its worker, so that nobody else assembles meanwhile.
        for (int chunk = 0; chunk < Chunks - 1; chunk++)
        {
            await desk.FusedAsync(await desk.StoreAsync(job, chunk));
        }

        foreach (int chunk in (int[])[9, 2, 5])
        {
            await DamageAsync(desk, job, chunk);
        }

        IReadOnlyList<ChunkRow> broken = await desk.Get<SegmentCheck>()
            .FindBrokenAsync(
                await desk.JobAsync(job),
                await desk.Get<ChunkLedger>().ListAsync(job, CancellationToken.None),
                null,
                CancellationToken.None
            );

        Assert.Equal([2, 5, 9], broken.Select(chunk => chunk.Index));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindBroken_InAStoreThatIsElsewhere_BringsEachSegmentOnce(bool isDamaged)
    {
        ElsewhereStore store = new(new DiskBlobStore(_folder.PathOf("elsewhere")));
        await using Desk desk = await Desk.OpenAsync(
            "sqlite",
            _folder,
            add: services => services.AddSingleton<IBlobStore>(store)
        );
        Guid job = await desk.AddFusingJobAsync(chunks: 2);
        await desk.HelloAsync(slots: 2);
        _ = await desk.Recorder.WaitAsync<FuseChunk>(2);
        // The other one stays with its worker, so that nobody else assembles meanwhile.
        await desk.FusedAsync(await desk.StoreAsync(job, 0));
        BlobName segment = ChunkBlobs.Segment(await desk.JobAsync(job), await desk.ChunkAsync(job, 0));
        if (isDamaged)
        {
            await DamageAsync(store.PathOf(segment));
        }

        using Scratch.Folder kept = desk.Get<Scratch>().Make();
        IReadOnlyList<ChunkRow> broken = await desk.Get<SegmentCheck>()
            .FindBrokenAsync(
                await desk.JobAsync(job),
                await desk.Get<ChunkLedger>().ListAsync(job, CancellationToken.None),
                kept,
                CancellationToken.None
            );
        string path = await desk.Get<Scratch>().FetchAsync(segment, kept, CancellationToken.None);

        Assert.Equal(isDamaged ? 1 : 0, broken.Count);
        Assert.Equal(1, store.ReadsOf(segment));
        Assert.Equal(await File.ReadAllBytesAsync(store.PathOf(segment)), await File.ReadAllBytesAsync(path));
    }

    /// <summary>The chunk's newest attempt succeeds, and its segment has another byte before anybody reads it back.</summary>
    private static async Task FuseAndDamageAsync(Desk desk, Guid job)
    {
        ChunkFused fused = await desk.StoreAsync(job, 0);
        await DamageAsync(desk, job, 0);
        await desk.FusedAsync(fused);
    }

    private static async Task DamageAsync(Desk desk, Guid job, int chunk) =>
        await DamageAsync(
            desk.Store.FindLocalPath(ChunkBlobs.Segment(await desk.JobAsync(job), await desk.ChunkAsync(job, chunk)))!
        );

    private static async Task DamageAsync(string path)
    {
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[7] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
    }
}
