using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Webhooks;
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

    /// <summary>Of a job that is made in the same save.</summary>
    public static JobEventRow FirstOf(Guid jobId, DateTimeOffset now) =>
        new()
        {
            JobId = jobId,
            Number = 1,
            At = now,
            Kind = JobEventKind.StateChanged,
            State = JobState.Queued,
        };

    /// <summary>Stores that the job stands at this state now, for whoever reads its events and for webhooks.</summary>
    /// <param name="context">In a transaction that has changed the job's row.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="from">Where it stood; null: nowhere, or it does not matter as it has begun anew or ended.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="code">Of its failure.</param>
    /// <param name="now">The time of the event.</param>
    /// <param name="cancellationToken">Nothing is stored.</param>
    public static async Task TellStateAsync(
        this JobsDbContext context,
        Guid jobId,
        JobState? from,
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
        await context.TellJobMovedAsync(jobId, from, now, cancellationToken);
    }
}
