using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>
/// The jobs that the dispatcher chooses from. What it reads grows with the free places and with the tenants that wait, not with
/// the jobs that wait, and rows of finished jobs are never looked at.
/// </summary>
public static class OpenJobs
{
    /// <summary>Jobs whose chunks may be released.</summary>
    public static IQueryable<JobRow> In(JobsDbContext context) =>
        context.Jobs.Where(j => j.State == JobState.Fusing && j.PausedAt == null && !j.IsParked);

    /// <summary>Chunks in flight, by job.</summary>
    public static Task<Dictionary<Guid, int>> CountInFlightAsync(JobsDbContext context, CancellationToken stop) =>
        context
            .Chunks.Where(c => c.State == ChunkState.Released || c.State == ChunkState.Running)
            .Where(c => context.Jobs.Any(j => j.Id == c.JobId && j.State == JobState.Fusing))
            .GroupBy(c => c.JobId)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, stop);

    /// <summary>The chunks in flight of each tenant.</summary>
    public static async Task<Dictionary<string, int>> CountByTenantAsync(
        JobsDbContext context,
        Dictionary<Guid, int> inFlight,
        CancellationToken stop
    )
    {
        List<Guid> ids = [.. inFlight.Keys];
        var owners = await context
            .Jobs.Where(j => ids.Contains(j.Id))
            .Select(j => new { j.Id, j.TenantId })
            .ToListAsync(stop);
        return owners.GroupBy(o => o.TenantId).ToDictionary(g => g.Key, g => g.Sum(o => inFlight[o.Id]));
    }

    /// <summary>
    /// Enough jobs for <paramref name="free"/> places: from the highest priority down, of each tenant the oldest.
    /// </summary>
    public static async Task<List<WaitingJob>> FindAsync(
        JobsDbContext context,
        Dictionary<Guid, int> inFlight,
        int free,
        CancellationToken stop
    )
    {
        List<WaitingJob> found = [];
        // A job that fuses has a chunk in flight or one that waits, but for moments; so this many of a tenant are enough.
        int most = free + inFlight.Count;
        int? priority = await In(context).MaxAsync(j => (int?)j.Priority, stop);
        while (priority is int level && found.Sum(j => j.Waiting) < free)
        {
            foreach (string tenant in await WaitingTenants.FindAsync(context, JobState.Fusing, level, stop))
            {
                var oldest = await In(context)
                    .Where(j => j.Priority == level && j.TenantId == tenant)
                    .OrderBy(j => j.CreatedAt)
                    .Select(j => new
                    {
                        j.Id,
                        j.CreatedAt,
                        Waiting = context
                            .Chunks.Where(c => c.JobId == j.Id && c.State == ChunkState.Waiting)
                            .Take(free)
                            .Count(),
                    })
                    .Take(most)
                    .ToListAsync(stop);
                found.AddRange(
                    oldest
                        .Where(j => j.Waiting > 0)
                        .Select(j => new WaitingJob(
                            j.Id,
                            tenant,
                            level,
                            j.CreatedAt,
                            inFlight.GetValueOrDefault(j.Id),
                            j.Waiting
                        ))
                );
            }

            priority = await In(context).Where(j => j.Priority < level).MaxAsync(j => (int?)j.Priority, stop);
        }

        return found;
    }
}
