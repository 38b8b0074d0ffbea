using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>
/// Which stages may be begun. Only so many orders of a stage are in the broker at a time, however many jobs wait: a cancel, a change of
/// priority and another tenant's job then take effect at once.
/// </summary>
public sealed class StageWindow(
    IDbContextFactory<JobsDbContext> contexts,
    CoordinatorOptions options,
    LiveWorkers workers,
    TimeProvider clock
)
{
    /// <summary>Orders that nobody has taken yet: seconds of work for whoever prepares or assembles.</summary>
    public const int Orders = 32;

    /// <summary>Of stages whose holder is gone, this many each time.</summary>
    private const int AtATime = 64;

    /// <summary>Whether the job's stage may be begun now; otherwise it is the sweeper's, in its turn.</summary>
    public async Task<bool> HasRoomAsync(JobRow job, CancellationToken stop)
    {
        if (options.IsEmbedded && !options.ResumeAll)
        {
            // One command's own jobs.
            return true;
        }

        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        // What was begun once and given back has its place already.
        return job.LeaseUntil is not null || await CountFreeAsync(context, StageOf(job.State), stop) > 0;
    }

    /// <summary>Jobs whose stage is to be begun, or begun again, now.</summary>
    public async Task<IReadOnlyList<Guid>> FindOwedAsync(CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        DateTimeOffset now = clock.GetUtcNow();
        List<Guid> owed = await context
            .Jobs.Where(j => EF.Constant(JobStates.Leased).Contains(j.State))
            .Where(j => !j.IsParked && j.PausedAt == null && j.LeaseUntil < now)
            // Orders that wait in a long queue look lost: to repeat all of them at once would make it longer still.
            .OrderBy(j => j.LeaseUntil)
            .Select(j => j.Id)
            .Take(AtATime)
            .ToListAsync(stop);
        bool anyFresh = await context
            .Jobs.Where(j => EF.Constant(JobStates.Leased).Contains(j.State))
            .AnyAsync(j => j.LeaseUntil == null && !j.IsParked && j.PausedAt == null, stop);
        if (!anyFresh)
        {
            return owed;
        }

        foreach (
            JobState state in (JobState[])
                [JobState.Queued, JobState.Preparing, JobState.Scanning, JobState.Gating, JobState.Assembling]
        )
        {
            int free = await CountFreeAsync(context, StageOf(state), stop);
            if (free > 0)
            {
                owed.AddRange(await FindNextAsync(context, state, free, stop));
            }
        }

        return owed;
    }

    private static JobState StageOf(JobState state) => state == JobState.Queued ? JobState.Preparing : state;

    private async Task<int> CountFreeAsync(JobsDbContext context, JobState stage, CancellationToken stop)
    {
        // Gates are looked at on the spot; scans are for every slot of the fleet.
        int most = stage switch
        {
            JobState.Gating => AtATime,
            JobState.Scanning => Math.Max(Orders, 2 * (await workers.CountAsync(stop)).Slots),
            _ => Orders,
        };
        int taken = await context
            .Jobs.Where(j => EF.Constant(JobStates.Leased).Contains(j.State) && j.State == stage)
            .Where(j => j.LeaseUntil != null && j.LeaseOwner == null)
            .Take(most)
            .CountAsync(stop);
        return most - taken;
    }

    /// <summary>From the highest priority down, tenants in turn, of each the oldest.</summary>
    private static async Task<IEnumerable<Guid>> FindNextAsync(
        JobsDbContext context,
        JobState state,
        int free,
        CancellationToken stop
    )
    {
        IQueryable<JobRow> owed = context
            .Jobs.Where(j => EF.Constant(JobStates.Leased).Contains(j.State) && j.State == state)
            .Where(j => j.LeaseUntil == null && !j.IsParked && j.PausedAt == null);
        List<Guid> found = [];
        int? priority = await owed.MaxAsync(j => (int?)j.Priority, stop);
        while (priority is int level && found.Count < free)
        {
            List<(int Turn, Guid Id)> oldest = [];
            foreach (string tenant in await WaitingTenants.FindAsync(context, state, level, stop))
            {
                List<Guid> own = await owed.Where(j => j.Priority == level && j.TenantId == tenant)
                    .OrderBy(j => j.CreatedAt)
                    .Select(j => j.Id)
                    .Take(free)
                    .ToListAsync(stop);
                oldest.AddRange(own.Select((id, turn) => (turn, id)));
            }

            found.AddRange(oldest.OrderBy(o => o.Turn).Select(o => o.Id).Take(free - found.Count));
            priority = await owed.Where(j => j.Priority < level).MaxAsync(j => (int?)j.Priority, stop);
        }

        return found;
    }
}
