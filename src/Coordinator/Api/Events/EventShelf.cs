using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Events;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Jobs;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Events;

/// <summary>Events of jobs as they are answered.</summary>
internal sealed class EventShelf(IDbContextFactory<JobsDbContext> contexts)
{
    private readonly Func<JobsDbContext, Guid, CancellationToken, Task<Standing?>> _look = EF.CompileAsyncQuery(
        (JobsDbContext context, Guid id, CancellationToken stop) =>
            context.Jobs.Where(j => j.Id == id).Select(j => new Standing(j.Version, j.State)).SingleOrDefault()
    );

    /// <summary>
    /// Every event raises the version in its own transaction, so while that is as it was there is nothing new. Null: the job is
    /// gone.
    /// </summary>
    public async Task<Standing?> StandingAsync(Guid jobId, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await _look(context, jobId, stop);
    }

    /// <summary>The events behind one, in their order.</summary>
    public async Task<IReadOnlyList<ApiEvent>> ListAsync(Guid jobId, int after, int most, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        List<JobEventRow> rows = await context
            .JobEvents.AsNoTracking()
            .Where(e => e.JobId == jobId && e.Number > after)
            .OrderBy(e => e.Number)
            .Take(most)
            .ToListAsync(stop);
        return [.. rows.Select(Of)];
    }

    public async Task<bool> ExistsAsync(Guid jobId, int number, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await context.JobEvents.AnyAsync(e => e.JobId == jobId && e.Number == number, stop);
    }

    private static ApiEvent Of(JobEventRow row) =>
        new()
        {
            Id = row.Number,
            Type = row.Kind switch
            {
                JobEventKind.ChunkSucceeded => "chunk.succeeded",
                JobEventKind.ChunkFailed => "chunk.failed",
                JobEventKind.ChunkReturned => "chunk.returned",
                JobEventKind.ChunkQuarantined => "chunk.quarantined",
                _ => "job.state_changed",
            },
            Job = ApiIds.Write(ApiIds.Job, row.JobId),
            Time = row.At,
            State =
                row.Kind == JobEventKind.Paused ? JobStep.Paused
                : row.State is { } state ? JobAnswers.StepOf(state)
                : null,
            Stage =
                row.State is { } stage && stage != JobState.Queued && !stage.IsTerminal()
                    ? $"{stage}".ToLowerInvariant()
                    : null,
            Chunk = row.ChunkIndex,
            Attempt = row.Attempt,
            Worker = row.WorkerId,
            Code = row.Code,
        };
}
