using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>
/// Takes workers out of work that fail what others can do: a broken disk or graphics card, other models than the rest. A chunk that a
/// worker failed and another then fused is a strike, so a chunk that nobody can fuse blocks nobody, and whoever is left has just done
/// work. A chunk of its own that is accepted forgives a worker its strikes.
/// </summary>
public sealed partial class Blocklist(
    IDbContextFactory<JobsDbContext> contexts,
    LiveWorkers workers,
    CoordinatorOptions options,
    TimeProvider clock,
    ILogger<Blocklist> logger
)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private HashSet<string> _struck = [];
    private DateTimeOffset _readAt;

    /// <summary>After a commit; costs nothing while no worker has a strike and every chunk is fused at the first try.</summary>
    /// <param name="accepted">The attempts that were taken.</param>
    /// <param name="cancellationToken">Leaves the rest to the next commit.</param>
    public async Task JudgeAsync(IReadOnlyList<ChunkFused> accepted, CancellationToken cancellationToken)
    {
        HashSet<string> struck = await FindStruckAsync(cancellationToken);
        foreach (string worker in accepted.Select(fused => fused.WorkerId).Where(struck.Contains).Distinct())
        {
            await ForgiveAsync(worker, cancellationToken);
        }

        foreach (ChunkFused fused in accepted.Where(fused => fused.Attempt > 1))
        {
            foreach (string worker in await FindFailedAsync(fused, cancellationToken))
            {
                await StrikeAsync(worker, cancellationToken);
            }
        }
    }

    private async Task<HashSet<string>> FindStruckAsync(CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() - _readAt < Fresh)
        {
            return _struck;
        }

        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        HashSet<string> struck =
        [
            .. await context.Workers.Where(w => w.Strikes > 0).Select(w => w.Id).ToListAsync(cancellationToken),
        ];
        (_struck, _readAt) = (struck, clock.GetUtcNow());
        return struck;
    }

    /// <summary>Whoever else failed this chunk, by its own word or by what it stored.</summary>
    private async Task<List<string>> FindFailedAsync(ChunkFused fused, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Attempts.Where(a => a.JobId == fused.JobId && a.ChunkIndex == fused.ChunkIndex)
            .Where(a => a.Outcome == AttemptOutcome.Failed || a.Outcome == AttemptOutcome.Damaged)
            .Where(a => a.WorkerId != null && a.WorkerId != fused.WorkerId)
            .Select(a => a.WorkerId!)
            .Distinct()
            .ToListAsync(cancellationToken);
    }

    private async Task ForgiveAsync(string worker, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        _ = await context
            .Workers.Where(w => w.Id == worker && w.BlockedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.Strikes, 0), cancellationToken);
        _readAt = default;
    }

    private async Task StrikeAsync(string worker, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        IQueryable<WorkerRow> row = context.Workers.Where(w => w.Id == worker);
        _ = await row.ExecuteUpdateAsync(set => set.SetProperty(w => w.Strikes, w => w.Strikes + 1), cancellationToken);
        _readAt = default;
        int blocked = await row.Where(w => w.Strikes >= options.StrikesToBlock && w.BlockedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.BlockedAt, now), cancellationToken);
        if (blocked == 1)
        {
            LogBlocked(worker, options.StrikesToBlock);
            _ = await workers.DrainAsync(worker, isDraining: true, cancellationToken);
        }
    }

    [LoggerMessage(
        EventIds.WorkerBlocked,
        LogLevel.Warning,
        "Worker {WorkerId} gets no more work: {Strikes} chunks that it failed were fused by others. Its log says why; resume it when it is mended."
    )]
    private partial void LogBlocked(string workerId, int strikes);
}
