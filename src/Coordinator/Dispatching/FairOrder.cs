namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>A job that has chunks to release, as the dispatcher sees it.</summary>
/// <param name="Id">The job.</param>
/// <param name="TenantId">Whose it is.</param>
/// <param name="Priority">Higher goes first.</param>
/// <param name="CreatedAt">Among equals the oldest goes first.</param>
/// <param name="InFlight">Chunks of it that are released or running.</param>
/// <param name="Waiting">Chunks of it that could be released; counted no further than the free places.</param>
public sealed record WaitingJob(
    Guid Id,
    string TenantId,
    int Priority,
    DateTimeOffset CreatedAt,
    int InFlight,
    int Waiting
);

/// <summary>
/// Fills a window in the order of the <see cref="FairQueue"/>. So a job of one chunk never waits for one of thousands, and many jobs of one tenant never for those of another.
/// </summary>
public static class FairOrder
{
    /// <summary>How many of <paramref name="free"/> places each job gets, in the order of their first.</summary>
    /// <param name="jobs">Jobs with chunks to release.</param>
    /// <param name="tenants">Chunks in flight of each tenant, over all of its jobs; 0 where it is not named.</param>
    /// <param name="free">Places in the window.</param>
    public static IReadOnlyList<(Guid JobId, int Chunks)> Choose(
        IReadOnlyList<WaitingJob> jobs,
        IReadOnlyDictionary<string, int> tenants,
        int free
    )
    {
        FairQueue queue = new();
        foreach ((string tenant, int inFlight) in tenants)
        {
            queue.Serve(tenant, inFlight);
        }

        foreach (WaitingJob job in jobs)
        {
            queue.Add(new FairPlace(job.Id, job.TenantId, job.Priority, job.CreatedAt, job.InFlight, job.Waiting));
        }

        Dictionary<FairPlace, int> given = [];
        List<FairPlace> chosen = [];
        for (; free > 0 && queue.Next() is { } next; free--)
        {
            if (!given.TryAdd(next, 1))
            {
                given[next]++;
            }
            else
            {
                chosen.Add(next);
            }
        }

        return [.. chosen.Select(job => (job.Id, given[job]))];
    }
}
