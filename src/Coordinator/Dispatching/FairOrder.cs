namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>A job that has chunks to release, as the dispatcher sees it.</summary>
public sealed record WaitingJob(Guid Id, int Priority, DateTimeOffset CreatedAt, int InFlight);

/// <summary>Whose chunk is next: the highest priority, then the job with the fewest chunks in flight, then the oldest.</summary>
public static class FairOrder
{
    /// <summary>Job ids in the order in which <paramref name="free"/> places are given out, one chunk each.</summary>
    /// <param name="jobs">Jobs with chunks to release.</param>
    /// <param name="waiting">How many chunks each of them has to release.</param>
    /// <param name="free">Places in the window.</param>
    public static IReadOnlyList<Guid> Choose(
        IReadOnlyList<WaitingJob> jobs,
        IReadOnlyDictionary<Guid, int> waiting,
        int free
    )
    {
        Dictionary<Guid, int> inFlight = jobs.ToDictionary(j => j.Id, j => j.InFlight);
        Dictionary<Guid, int> left = new(waiting);
        List<Guid> chosen = [];
        while (chosen.Count < free)
        {
            WaitingJob? next = jobs.Where(j => left[j.Id] > 0)
                .OrderByDescending(j => j.Priority)
                .ThenBy(j => inFlight[j.Id])
                .ThenBy(j => j.CreatedAt)
                .ThenBy(j => j.Id)
                .FirstOrDefault();
            if (next is null)
            {
                break;
            }

            chosen.Add(next.Id);
            inFlight[next.Id]++;
            left[next.Id]--;
        }

        return chosen;
    }
}
