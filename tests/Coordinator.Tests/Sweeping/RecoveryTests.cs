using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;

namespace FaceFusion.Batch.Coordinator.Tests.Sweeping;

public sealed class RecoveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_AfterADeath_KeepsWholeSegmentsAndVoidsTheRest()
    {
        Guid job;
        await using (Desk before = await Desk.OpenAsync(_folder))
        {
            job = await before.AddFusingJobAsync(chunks: 4);
            await before.HelloAsync(slots: 2);
            _ = await before.Recorder.WaitAsync<FuseChunk>(4);
            await before.FusedAsync(await before.StoreAsync(job, 0));
            await before.FusedAsync(await before.StoreAsync(job, 1));
            await before.Fusion.ProgressedAsync(new ChunkProgressed(job, 2, 1, "w1", 5), CancellationToken.None);
            string damaged = before.Store.FindLocalPath(
                ChunkBlobs.Segment(await before.JobAsync(job), await before.ChunkAsync(job, 1))
            )!;
            await File.WriteAllBytesAsync(damaged, [.. Enumerable.Repeat((byte)9, 51)]);
        }

        string halfWritten = _folder.PathOf("work/incoming/half");
        await File.WriteAllBytesAsync(halfWritten, [1, 2, 3]);

        await using Desk after = await Desk.OpenAsync(_folder, o => o with { ResumeAll = true });

        ChunkState[] states =
        [
            .. (await after.Get<ChunkLedger>().ListAsync(job, CancellationToken.None)).Select(c => c.State),
        ];
        Assert.Equal([ChunkState.Fused, ChunkState.Waiting, ChunkState.Waiting, ChunkState.Waiting], states);
        Assert.False(File.Exists(halfWritten));
        await after.HelloAsync(slots: 2);
        IReadOnlyList<FuseChunk> orders = await after.Recorder.WaitAsync<FuseChunk>(3);
        Assert.All(orders, o => Assert.Equal(2, o.Attempt));
    }

    [Fact]
    public async Task Start_NotResumingAll_LeavesOldJobsAloneUntilTheyAreSubmitted()
    {
        Guid job;
        await using (Desk before = await Desk.OpenAsync(_folder))
        {
            job = await before.AddFusingJobAsync(chunks: 1);
        }

        await using Desk after = await Desk.OpenAsync(_folder);
        await after.HelloAsync();
        await after.Sweeper.SweepAsync(CancellationToken.None);

        Assert.Equal(0, await after.Dispatcher.ReleaseAsync(CancellationToken.None));
        Assert.Equal(ChunkState.Waiting, (await after.ChunkAsync(job, 0)).State);
    }

    [Fact]
    public async Task Open_TwiceOnOneFolder_IsRefusedByName()
    {
        await using Desk first = await Desk.OpenAsync(_folder);

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => Desk.OpenAsync(_folder));

        Assert.Equal("work-folder-busy", refused.Code);
    }

    [Fact]
    public async Task Open_OnSomethingThatIsNoDatabase_IsRefusedByName()
    {
        _ = Directory.CreateDirectory(_folder.PathOf("work"));
        await File.WriteAllTextAsync(_folder.PathOf("work/jobs.db"), new string('x', 5000));

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => Desk.OpenAsync(_folder));

        Assert.Equal("work-folder-unreadable", refused.Code);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Sweep_EveryStageThatNobodyHolds_IsStartedAgain(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 1);
        await SetAsync(desk, job, JobState.Scanning);
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        ScanVideo first = (await desk.Recorder.WaitAsync<ScanVideo>(1))[0];

        // A heartbeat keeps it; silence does not.
        desk.Clock.Advance(TimeSpan.FromSeconds(15));
        await desk.Get<Coordinator.Scanning.ScanStage>()
            .ProgressedAsync(new ScanProgressed(job, first.Attempt, "w1", 3), CancellationToken.None);
        desk.Clock.Advance(TimeSpan.FromSeconds(15));
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        _ = Assert.Single(desk.Recorder.All<ScanVideo>());
        desk.Clock.Advance(TimeSpan.FromSeconds(6));
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        ScanVideo second = (await desk.Recorder.WaitAsync<ScanVideo>(2))[1];
        Assert.Equal(first.Attempt + 1, second.Attempt);
        Assert.NotEqual(first.ScanPutUrl, second.ScanPutUrl);

        await SetAsync(desk, job, JobState.Gating);
        await desk.Sweeper.SweepAsync(CancellationToken.None);
        JobRow gated = await desk.JobAsync(job);
        Assert.Equal(JobState.Fusing, gated.State);
        Assert.Equal(["consent", "licence", "content"], gated.Gates.Select(g => g.Gate));
        Assert.All(gated.Gates, g => Assert.Equal("not-configured", g.Verdict));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Sweep_AfterTheEnd_DeletesWhatLosersStoredAndKeepsTheRest(string database)
    {
        await using Desk desk = await Desk.OpenAsync(database, _folder);
        Guid job = await desk.AddFusingJobAsync(chunks: 2);
        await desk.HelloAsync();
        _ = await desk.Recorder.WaitAsync<FuseChunk>(2);
        await desk.FusedAsync(await desk.StoreAsync(job, 0));
        _ = await desk.StoreAsync(job, 1);
        _ = await desk.Jobs.CancelAsync(job, CancellationToken.None);
        string[] before = Directory.GetFiles(_folder.PathOf("work/blobs/jobs"), "*", SearchOption.AllDirectories);

        await desk.Sweeper.SweepAsync(CancellationToken.None);
        Assert.False((await desk.JobAsync(job)).IsCollected);
        desk.Clock.Advance(TimeSpan.FromSeconds(21));
        await desk.Sweeper.SweepAsync(CancellationToken.None);

        string[] after = Directory.GetFiles(_folder.PathOf("work/blobs/jobs"), "*", SearchOption.AllDirectories);
        Assert.Equal((6, 3), (before.Length, after.Length));
        Assert.All(after, path => Assert.Contains("000000", path));
        Assert.True((await desk.JobAsync(job)).IsCollected);
    }

    private static async Task SetAsync(Desk desk, Guid jobId, JobState state)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        JobRow job = (await context.Jobs.FindAsync(jobId))!;
        (job.State, job.LeaseUntil) = (state, null);
        _ = await context.SaveChangesAsync();
    }
}
