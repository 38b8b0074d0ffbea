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
/// Whose chunk is next: the highest priority, then the tenant with the fewest chunks in flight, then its job with the fewest, then
/// the oldest. So a job of one chunk never waits for one of thousands, and many jobs of one tenant never for those of another.
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
        Dictionary<string, int> served = new(tenants);
        List<Place> places = [.. jobs.Where(j => j.Waiting > 0).Select(j => new Place(j))];
        List<Place> chosen = [];
        for (; free > 0; free--)
        {
            Place? next = null;
            foreach (Place place in places)
            {
                if (place.Given < place.Job.Waiting && (next is null || IsBefore(place, next, served)))
                {
                    next = place;
                }
            }

            if (next is null)
            {
                break;
            }

            if (next.Given++ == 0)
            {
                chosen.Add(next);
            }

            served[next.Job.TenantId] = served.GetValueOrDefault(next.Job.TenantId) + 1;
        }

        return [.. chosen.Select(place => (place.Job.Id, place.Given))];
    }

    private static bool IsBefore(Place a, Place b, Dictionary<string, int> served)
    {
        int order = b.Job.Priority.CompareTo(a.Job.Priority);
        if (order == 0)
        {
            order = served.GetValueOrDefault(a.Job.TenantId).CompareTo(served.GetValueOrDefault(b.Job.TenantId));
        }

        if (order == 0)
        {
            order = (a.Job.InFlight + a.Given).CompareTo(b.Job.InFlight + b.Given);
        }

        if (order == 0)
        {
            order = a.Job.CreatedAt.CompareTo(b.Job.CreatedAt);
        }

        return order == 0 ? a.Job.Id.CompareTo(b.Job.Id) < 0 : order < 0;
    }

    private sealed class Place(WaitingJob job)
    {
        public WaitingJob Job => job;

        public int Given { get; set; }
    }
}
