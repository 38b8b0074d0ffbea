using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>
/// Releases chunks from the database to the bus: in fair order, the costliest of a job first, and never more in flight than
/// twice the slots that are alive, so that a cancel or a new small job takes effect at once.
/// </summary>
public sealed partial class Dispatcher(
    IDbContextFactory<JobsDbContext> contexts,
    ChunkLedger chunks,
    FuseOrders orders,
    LiveWorkers workers,
    IBus bus,
    ILogger<Dispatcher> logger
)
{
    private const int WindowPerSlot = 2;

    /// <summary>Fills the window once; the number of chunks released.</summary>
    public async Task<int> ReleaseAsync(CancellationToken cancellationToken)
    {
        int slots = (await workers.CountAsync(cancellationToken)).Slots;
        if (slots == 0)
        {
            return 0;
        }

        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        Dictionary<Guid, int> waiting = await CountAsync(context, [ChunkState.Waiting], cancellationToken);
        if (waiting.Count == 0)
        {
            return 0;
        }

        IReadOnlyList<ChunkState> flying = [ChunkState.Released, ChunkState.Running];
        Dictionary<Guid, int> inFlight = await CountAsync(context, flying, cancellationToken);
        int free = (WindowPerSlot * slots) - inFlight.Values.Sum();
        List<Guid> ids = [.. waiting.Keys];
        List<WaitingJob> jobs = await context
            .Jobs.AsNoTracking()
            .Where(j => ids.Contains(j.Id))
            .Select(j => new WaitingJob(j.Id, j.Priority, j.CreatedAt, 0))
            .ToListAsync(cancellationToken);
        jobs = [.. jobs.Select(j => j with { InFlight = inFlight.GetValueOrDefault(j.Id) })];
        int released = 0;
        foreach (Guid jobId in FairOrder.Choose(jobs, waiting, free))
        {
            released += await ReleaseOneAsync(context, jobId, cancellationToken) ? 1 : 0;
        }

        return released;
    }

    private static Task<Dictionary<Guid, int>> CountAsync(
        JobsDbContext context,
        IReadOnlyList<ChunkState> states,
        CancellationToken cancellationToken
    ) =>
        context
            .Chunks.Where(c => states.Contains(c.State))
            .Where(c => context.Jobs.Any(j => j.Id == c.JobId && j.State == JobState.Fusing && !j.IsParked))
            .GroupBy(c => c.JobId)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);

    private async Task<bool> ReleaseOneAsync(JobsDbContext context, Guid jobId, CancellationToken cancellationToken)
    {
        ChunkRow? chunk = await context
            .Chunks.AsNoTracking()
            .Where(c => c.JobId == jobId && c.State == ChunkState.Waiting)
            .OrderByDescending(c => c.Cost)
            .ThenBy(c => c.Index)
            .FirstOrDefaultAsync(cancellationToken);
        JobRow? job = await context
            .Jobs.AsNoTracking()
            .SingleOrDefaultAsync(j => j.Id == jobId && j.State == JobState.Fusing, cancellationToken);
        if (job is null || chunk is null || await chunks.ReleaseAsync(chunk, cancellationToken) is not { } released)
        {
            return false;
        }

        await bus.Publish(await orders.MakeAsync(job, released, cancellationToken), cancellationToken);
        LogReleased(jobId, released.Index, released.Attempt);
        return true;
    }

    [LoggerMessage(
        EventIds.ChunkReleased,
        LogLevel.Debug,
        "Job {JobId}: chunk {ChunkIndex} released, attempt {Attempt}"
    )]
    private partial void LogReleased(Guid jobId, int chunkIndex, int attempt);
}
