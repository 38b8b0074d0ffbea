using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>
/// The only way to change rows of jobs by UPDATE: each change makes a new version, so that whoever holds an older one sees it.
/// Rows changed by being loaded and saved get theirs from <see cref="JobsDbContext"/>.
/// </summary>
public static class JobChanges
{
    /// <summary>Sets what <paramref name="set"/> says and the next version; the number of rows.</summary>
    public static Task<int> ChangeAsync(
        this IQueryable<JobRow> jobs,
        DateTimeOffset now,
        Action<UpdateSettersBuilder<JobRow>> set,
        CancellationToken cancellationToken
    ) =>
        jobs.ExecuteUpdateAsync(
            setters =>
            {
                _ = setters.SetProperty(j => j.Version, j => j.Version + 1).SetProperty(j => j.UpdatedAt, now);
                set(setters);
            },
            cancellationToken
        );

    /// <summary>Nothing in the row has changed, but something in its chunks that users see with it.</summary>
    public static Task<int> TouchAsync(
        this IQueryable<JobRow> jobs,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => jobs.ChangeAsync(now, _ => { }, cancellationToken);

    /// <summary>A lease runs anew: a new version only where users see something of it, which is how far the scan is.</summary>
    public static Task<int> RenewAsync(
        this IQueryable<JobRow> jobs,
        DateTimeOffset now,
        TimeSpan lease,
        int scanFramesDone,
        CancellationToken cancellationToken
    ) =>
        jobs.ExecuteUpdateAsync(
            set =>
                set.SetProperty(j => j.LeaseUntil, now + lease)
                    .SetProperty(j => j.Version, j => j.ScanFramesDone == scanFramesDone ? j.Version : j.Version + 1)
                    .SetProperty(j => j.UpdatedAt, j => j.ScanFramesDone == scanFramesDone ? j.UpdatedAt : now)
                    .SetProperty(j => j.ScanFramesDone, scanFramesDone),
            cancellationToken
        );
}
