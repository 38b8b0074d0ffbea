using System.Diagnostics;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Hosting.Tracing;
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
    /// <summary>Jobs whose chunks are released at the same time.</summary>
    private const int AtATime = 4;

    /// <summary>Fills the window once; the number of chunks released.</summary>
    public async Task<int> ReleaseAsync(CancellationToken cancellationToken)
    {
        int slots = (await workers.CountAsync(cancellationToken)).Slots;
        if (slots == 0)
        {
            return 0;
        }

        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        Dictionary<Guid, int> inFlight = await OpenJobs.CountInFlightAsync(context, cancellationToken);
        int free = ReleaseWindow.Free(slots, inFlight.Values.Sum());
        if (free <= 0)
        {
            return 0;
        }

        List<WaitingJob> jobs = await OpenJobs.FindAsync(context, inFlight, free, cancellationToken);
        if (jobs.Count == 0)
        {
            return 0;
        }

        Dictionary<string, int> tenants = await OpenJobs.CountByTenantAsync(context, inFlight, cancellationToken);
        int released = 0;
        ParallelOptions several = new() { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            FairOrder.Choose(jobs, tenants, free),
            several,
            async (chosen, stop) => Interlocked.Add(ref released, await ReleaseAsync(chosen.JobId, chosen.Chunks, stop))
        );
        return released;
    }

    /// <summary>Releases up to so many chunks of a job; how many.</summary>
    private async Task<int> ReleaseAsync(Guid jobId, int count, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        JobRow? job = await context
            .Jobs.AsNoTracking()
            .SingleOrDefaultAsync(j => j.Id == jobId && j.State == JobState.Fusing, cancellationToken);
        if (job is null)
        {
            return 0;
        }

        IReadOnlyList<ChunkRow> released = await chunks.ReleaseAsync(jobId, count, cancellationToken);
        IReadOnlyList<FuseChunk> written = await orders.MakeAsync(job, released, cancellationToken);
        using Activity? span = released.Count > 0 ? FleetTrace.Start("order Fusing", job.TraceParent, jobId) : null;
        // Each waits for the broker's word that it has it.
        await Task.WhenAll(written.Select(order => bus.Publish(order, cancellationToken)));
        foreach (ChunkRow chunk in released)
        {
            LogReleased(jobId, chunk.Index, chunk.Attempt);
        }

        return released.Count;
    }

    [LoggerMessage(
        EventIds.ChunkReleased,
        LogLevel.Debug,
        "Job {JobId}: chunk {ChunkIndex} released, attempt {Attempt}"
    )]
    private partial void LogReleased(Guid jobId, int chunkIndex, int attempt);
}
