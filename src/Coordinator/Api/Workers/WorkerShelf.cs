using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Workers;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Workers;

/// <summary>Workers as an operator reads them. They belong to all tenants; the jobs that they work on do not.</summary>
internal sealed class WorkerShelf(
    IDbContextFactory<JobsDbContext> contexts,
    CoordinatorOptions options,
    TimeProvider clock
)
{
    /// <summary>Far more than there are; so that an answer has an end.</summary>
    private const int Most = 10_000;

    public async Task<ApiWorkerList> ListAsync(CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        List<WorkerRow> workers = await context.Workers.AsNoTracking().OrderBy(w => w.Id).Take(Most).ToListAsync(stop);
        return new ApiWorkerList([.. workers.Select(w => Of(w, null))]);
    }

    /// <exception cref="ProblemException">404.</exception>
    public async Task<ApiWorker> GetAsync(string tenant, string workerId, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        WorkerRow worker = (
            await context.Workers.AsNoTracking().SingleOrDefaultAsync(w => w.Id == workerId, stop)
        ).OrNotFound();
        List<ChunkRow> running = await context
            .Chunks.AsNoTracking()
            .Where(c => c.State == ChunkState.Running && c.WorkerId == workerId)
            .Where(c => context.Jobs.Any(j => j.Id == c.JobId && j.TenantId == tenant))
            .OrderBy(c => c.JobId)
            .ThenBy(c => c.Index)
            .ToListAsync(stop);
        return Of(
            worker,
            [
                .. running.Select(c => new ApiRunningChunk(
                    ApiIds.Write(ApiIds.Job, c.JobId),
                    c.Index,
                    c.Attempt,
                    c.FramesDone,
                    c.Range.Length
                )),
            ]
        );
    }

    private ApiWorker Of(WorkerRow worker, IReadOnlyList<ApiRunningChunk>? running)
    {
        TimeSpan age = clock.GetUtcNow() - worker.LastSeen;
        return new ApiWorker
        {
            Id = worker.Id,
            State =
                worker.Slots == 0 ? WorkerStep.Stopped
                : age >= options.Lease ? WorkerStep.Lost
                : worker.BlockedAt is not null ? WorkerStep.Blocked
                : !worker.IsDraining ? WorkerStep.Live
                : worker.Busy > 0 ? WorkerStep.Draining
                : WorkerStep.Drained,
            Slots = worker.Slots,
            Busy = worker.Busy,
            Draining = worker.IsDraining,
            Strikes = worker.Strikes,
            BlockTime = worker.BlockedAt,
            HeartbeatAgeSeconds = Math.Round(Math.Max(0, age.TotalSeconds), 3),
            Device = worker.Device,
            Build = worker.Build,
            Running = running,
        };
    }
}
