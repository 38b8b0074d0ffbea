using FaceFusion.Batch.Contracts.Values;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>
/// Writes the events of jobs. Only in a transaction that has changed the rows of these jobs: what is told has then happened, and
/// the lock on the row lets one writer at a time take the next number.
/// </summary>
public static class JobEvents
{
    /// <summary>Gives the events their numbers; they are stored by the next save.</summary>
    public static async Task AddEventsAsync(
        this JobsDbContext context,
        IReadOnlyList<JobEventRow> events,
        CancellationToken cancellationToken
    )
    {
        HashSet<Guid> ids = [.. events.Select(e => e.JobId)];
        Dictionary<Guid, int> last = await context
            .JobEvents.Where(e => ids.Contains(e.JobId))
            .GroupBy(e => e.JobId)
            .Select(g => new { g.Key, Number = g.Max(e => e.Number) })
            .ToDictionaryAsync(g => g.Key, g => g.Number, cancellationToken);
        foreach (JobEventRow row in events)
        {
            row.Number = last[row.JobId] = last.GetValueOrDefault(row.JobId) + 1;
            _ = context.JobEvents.Add(row);
        }
    }

    /// <summary>Stores that the job stands at this state now.</summary>
    public static async Task TellStateAsync(
        this JobsDbContext context,
        Guid jobId,
        JobState state,
        string? code,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        JobEventRow told = new()
        {
            JobId = jobId,
            At = now,
            Kind = JobEventKind.StateChanged,
            State = state,
            Code = code,
        };
        await context.AddEventsAsync([told], cancellationToken);
        _ = await context.SaveChangesAsync(cancellationToken);
    }
}
