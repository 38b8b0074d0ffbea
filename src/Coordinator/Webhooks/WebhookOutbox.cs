using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Jobs;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Webhooks;

/// <summary>
/// Writes what webhooks are to be told, in the transaction in which it happens: either both are there or neither. Where nobody
/// asked for it, it costs one look into an index.
/// </summary>
internal static class WebhookOutbox
{
    /// <summary>Stores a delivery for each webhook of the tenant that asks for this type.</summary>
    /// <param name="context">In a transaction of the caller, which has changed what is told of.</param>
    /// <param name="tenantId">Whose webhooks.</param>
    /// <param name="type">One of <see cref="WebhookEvents"/>.</param>
    /// <param name="read">Reads what is told through that context, as the API answers it; called only where somebody asks for it.</param>
    /// <param name="now">The time of the event.</param>
    /// <param name="stop">Nothing is stored.</param>
    public static async Task TellAsync<T>(
        this JobsDbContext context,
        string tenantId,
        string type,
        Func<CancellationToken, Task<T>> read,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        List<WebhookRow> asked = await FindAsync(context, tenantId, type, stop);
        if (asked.Count > 0)
        {
            Add(context, asked, type, await read(stop), now);
            _ = await context.SaveChangesAsync(stop);
        }
    }

    /// <summary>These jobs are new.</summary>
    public static async Task TellJobsEnteredAsync(
        this JobsDbContext context,
        string tenantId,
        IReadOnlyList<JobRow> jobs,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        List<WebhookRow> asked = await FindAsync(context, tenantId, WebhookEvents.JobStateChanged, stop);
        if (asked.Count > 0 && jobs.Count > 0)
        {
            foreach (JobRow job in jobs)
            {
                _ = Add(context, asked, WebhookEvents.JobStateChanged, JobAnswers.Of(job, null), now);
            }

            _ = await context.SaveChangesAsync(stop);
        }
    }

    /// <summary>The job's row has left this state; null: it was in none that users could see.</summary>
    public static Task TellJobMovedAsync(
        this JobsDbContext context,
        Guid jobId,
        JobState? from,
        DateTimeOffset now,
        CancellationToken stop
    ) =>
        // A stage that ends behind a pause changes nothing that users see.
        TellJobAsync(
            context,
            jobId,
            job => job.State != JobStep.Paused && (from is not { } state || JobAnswers.StepOf(state) != job.State),
            now,
            stop
        );

    /// <summary>The job was paused or goes on.</summary>
    public static Task TellJobPausedAsync(
        this JobsDbContext context,
        Guid jobId,
        DateTimeOffset now,
        CancellationToken stop
    ) => TellJobAsync(context, jobId, _ => true, now, stop);

    /// <summary>For one webhook, whatever it asks for.</summary>
    public static WebhookDeliveryRow Add<T>(
        JobsDbContext context,
        WebhookRow webhook,
        string type,
        T data,
        DateTimeOffset now
    ) => Add(context, [webhook], type, data, now)[0];

    private static async Task<List<WebhookRow>> FindAsync(
        JobsDbContext context,
        string tenantId,
        string type,
        CancellationToken stop
    )
    {
        List<WebhookRow> all = await context
            .Webhooks.AsNoTracking()
            .Where(w => w.TenantId == tenantId && w.StoppedBy == null)
            .ToListAsync(stop);
        return [.. all.Where(w => w.Events.Contains(type))];
    }

    private static async Task TellJobAsync(
        JobsDbContext context,
        Guid jobId,
        Func<ApiJob, bool> isMoved,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        List<WebhookRow> webhooks = await context
            .Jobs.Where(j => j.Id == jobId)
            .Join(context.Webhooks, j => j.TenantId, w => w.TenantId, (_, w) => w)
            .Where(w => w.StoppedBy == null)
            .AsNoTracking()
            .ToListAsync(stop);
        if (webhooks.Count == 0)
        {
            return;
        }

        JobRow row = await context.Jobs.AsNoTracking().SingleAsync(j => j.Id == jobId, stop);
        ApiJob job = JobAnswers.Of(row, await JobShelf.ProgressAsync(context, row, stop));
        string?[] types =
        [
            isMoved(job) ? WebhookEvents.JobStateChanged : null,
            row.State.IsTerminal() ? WebhookEvents.JobCompleted : null,
        ];
        foreach (string type in types.OfType<string>())
        {
            _ = Add(context, [.. webhooks.Where(w => w.Events.Contains(type))], type, job, now);
        }

        _ = await context.SaveChangesAsync(stop);
    }

    private static List<WebhookDeliveryRow> Add<T>(
        JobsDbContext context,
        List<WebhookRow> webhooks,
        string type,
        T data,
        DateTimeOffset now
    )
    {
        string body = JsonSerializer.Serialize(new Told<T>(type, now, data), ApiJson.Answers);
        List<WebhookDeliveryRow> rows =
        [
            .. webhooks.Select(webhook => new WebhookDeliveryRow
            {
                Id = Guid.CreateVersion7(now),
                WebhookId = webhook.Id,
                TenantId = webhook.TenantId,
                Type = type,
                Body = body,
                CreatedAt = now,
                DueAt = now,
            }),
        ];
        context.WebhookDeliveries.AddRange(rows);
        return rows;
    }

    /// <summary>The body of a delivery.</summary>
    private sealed record Told<T>(string Type, DateTimeOffset Time, T Data);
}
