using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Tracking;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceFusion.Batch.Coordinator.Tests.Tracking;

/// <summary>PostgreSQL alone lets a release wait in the middle of another change; SQLite has one writer at a time.</summary>
public sealed class ChunkReleaseTests : IDisposable
{
    private static readonly Failure Cause = new(FailureKind.Cancelled, Builds.Gone, "Begun anew.", true);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(JobState.Scanning, 0)]
    [InlineData(JobState.Fusing, 2)]
    public async Task ReleaseAsync_WhileTheJobIsTakenOutOfFusion_SeesItAsItIsThen(JobState state, int released)
    {
        await using Desk desk = await Desk.OpenAsync("postgres", _folder, o => o with { IsEmbedded = false });
        Guid job = await desk.AddFusingJobAsync(chunks: 2);
        ChunkLedger ledger = desk.Get<ChunkLedger>();

        // As whoever takes a job out of fusion: its chunks first, and then the job.
        await using JobsDbContext other = await desk.NewContextAsync();
        await using IDbContextTransaction change = await other.Database.BeginTransactionAsync();
        await ledger.ReopenAllAsync(other, job, Cause, default);
        Task<IReadOnlyList<ChunkRow>> release = ledger.ReleaseAsync(job, 2, default);
        await Deadline.UntilAsync(() => IsWaitingAsync(desk), "the release to wait for the chunks");
        _ = await other.Jobs.Where(j => j.Id == job).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, state));
        await change.CommitAsync();

        Assert.Equal(released, (await release).Count);
        await using JobsDbContext context = await desk.NewContextAsync();
        Assert.Equal(
            released,
            await context.Chunks.CountAsync(c => c.JobId == job && c.State == ChunkState.Released && c.Attempt == 1)
        );
        Assert.Equal(2 - released, await context.Chunks.CountAsync(c => c.JobId == job && c.Attempt == 0));
        Assert.Equal(released, await context.Attempts.CountAsync(a => a.JobId == job));
    }

    /// <summary>Some statement on the desk's own database waits for a lock.</summary>
    private static async Task<bool> IsWaitingAsync(Desk desk)
    {
        await using JobsDbContext context = await desk.NewContextAsync();
        return await context
                .Database.SqlQueryRaw<long>(
                    """
                    SELECT count(*) AS "Value" FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """
                )
                .SingleAsync() > 0;
    }
}
