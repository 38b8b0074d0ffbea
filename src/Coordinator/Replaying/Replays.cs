using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Replaying;

/// <summary>
/// The rows of replays, and their only writer. On the bus a replay is an attempt with its number below zero, so that a worker need not
/// know that there are such things, and no word about it can be taken for one about an attempt.
/// </summary>
public sealed class Replays(IDbContextFactory<JobsDbContext> contexts, CoordinatorOptions options, TimeProvider clock)
{
    private static readonly IReadOnlyList<ReplayState> Open = [ReplayState.Released, ReplayState.Running];

    public static bool IsReplay(int attempt) => attempt < 0;

    public static int AttemptOf(ReplayRow replay) => -replay.Number;

    /// <summary>Enters a replay, or finds the one that is open. Null: too many of the tenant's are.</summary>
    /// <param name="job">Its job.</param>
    /// <param name="chunk">A fused one.</param>
    /// <param name="most">Of one tenant's jobs, open at a time.</param>
    /// <param name="cancellationToken">Nothing is entered.</param>
    public async Task<(ReplayRow Row, bool IsNew)?> EnterAsync(
        JobRow job,
        ChunkRow chunk,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<ReplayRow> before = await context
            .Replays.AsNoTracking()
            .Where(r => r.JobId == job.Id && r.ChunkIndex == chunk.Index)
            .OrderBy(r => r.Number)
            .ToListAsync(cancellationToken);
        if (before.Find(r => Open.Contains(r.State)) is { } open)
        {
            return (open, false);
        }

        int inFlight = await context.Replays.CountAsync(
            r => r.LeaseUntil != null && context.Jobs.Any(j => j.Id == r.JobId && j.TenantId == job.TenantId),
            cancellationToken
        );
        if (inFlight >= most)
        {
            return null;
        }

        DateTimeOffset now = clock.GetUtcNow();
        ReplayRow row = new()
        {
            JobId = job.Id,
            ChunkIndex = chunk.Index,
            Number = before.Count + 1,
            Delivery = Guid.NewGuid(),
            CreatedAt = now,
            LeaseUntil = now + options.QueueLease,
        };
        _ = context.Replays.Add(row);
        _ = await context.SaveChangesAsync(cancellationToken);
        return (row, true);
    }

    public async Task<IReadOnlyList<ReplayRow>> ListAsync(Guid jobId, int chunk, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Replays.AsNoTracking()
            .Where(r => r.JobId == jobId && r.ChunkIndex == chunk)
            .OrderBy(r => r.Number)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The open replay that a word is about; null: there is none.</summary>
    public async Task<ReplayRow?> FindOpenAsync(Guid jobId, int chunk, int attempt, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Find(context, jobId, chunk, attempt).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>A heartbeat. False: it is over, or another worker has it.</summary>
    public async Task<bool> RenewAsync(ChunkProgressed progress, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return 1
            == await Find(context, progress.JobId, progress.ChunkIndex, progress.Attempt)
                .Where(r => r.WorkerId == null || r.WorkerId == progress.WorkerId)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(r => r.State, ReplayState.Running)
                            .SetProperty(r => r.WorkerId, progress.WorkerId)
                            .SetProperty(r => r.FramesDone, progress.FramesDone)
                            .SetProperty(r => r.LeaseUntil, clock.GetUtcNow() + options.Lease),
                    cancellationToken
                );
    }

    /// <summary>Ends an open replay; false: it has ended.</summary>
    public async Task<bool> EndAsync(ReplayRow ended, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return 1
            == await Find(context, ended.JobId, ended.ChunkIndex, AttemptOf(ended))
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(r => r.State, ended.State)
                            .SetProperty(r => r.WorkerId, ended.WorkerId)
                            .SetProperty(r => r.FramesDone, ended.FramesDone)
                            .SetProperty(r => r.FramesHash, ended.FramesHash)
                            .SetProperty(r => r.DifferentFrames, ended.DifferentFrames)
                            .SetProperty(r => r.Failure, ended.Failure)
                            .SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null)
                            .SetProperty(r => r.EndedAt, clock.GetUtcNow()),
                    cancellationToken
                );
    }

    /// <summary>Replays that nobody speaks for.</summary>
    public async Task<IReadOnlyList<ReplayRow>> FindSilentAsync(int most, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Replays.AsNoTracking()
            .Where(r => r.LeaseUntil != null && r.LeaseUntil < now)
            .OrderBy(r => r.LeaseUntil)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    private static IQueryable<ReplayRow> Find(JobsDbContext context, Guid jobId, int chunk, int attempt)
    {
        int number = -attempt;
        return context.Replays.Where(r =>
            r.JobId == jobId && r.ChunkIndex == chunk && r.Number == number && r.LeaseUntil != null
        );
    }
}
