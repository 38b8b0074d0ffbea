using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Api.Webhooks;

/// <summary>Webhooks of a tenant, and what was sent to them.</summary>
internal sealed class DeliveryShelf(IDbContextFactory<JobsDbContext> contexts, TimeProvider clock)
{
    /// <exception cref="ProblemException">409.</exception>
    public static void RequireEnabled(WebhookRow webhook)
    {
        if (webhook.StoppedBy is not null)
        {
            throw new ProblemException(ProblemKind.InvalidState, "The webhook is disabled: enable it first.");
        }
    }

    /// <exception cref="ProblemException">404.</exception>
    public async Task<WebhookRow> FindWebhookAsync(string tenant, string webhookId, CancellationToken stop)
    {
        Guid id = Found.Id(ApiIds.Webhook, webhookId);
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return (
            await context.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id && w.TenantId == tenant, stop)
        ).OrNotFound();
    }

    /// <summary>The oldest first; one more than the page holds, if there are more.</summary>
    public async Task<IReadOnlyList<WebhookRow>> ListWebhooksAsync(
        string tenant,
        PageRequest page,
        CancellationToken stop
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        IQueryable<WebhookRow> all = context.Webhooks.AsNoTracking().Where(w => w.TenantId == tenant);
        if (page.Start is { } start)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(start.Number);
            all = all.Where(w => w.CreatedAt > at || (w.CreatedAt == at && w.Id.CompareTo(start.Id) > 0));
        }

        return await all.OrderBy(w => w.CreatedAt).ThenBy(w => w.Id).Take(page.Size + 1).ToListAsync(stop);
    }

    /// <summary>The newest first, without their bodies; one more than the page holds, if there are more.</summary>
    /// <exception cref="ProblemException">400: the filter is none.</exception>
    public async Task<IReadOnlyList<ApiDelivery>> ListAsync(
        WebhookRow webhook,
        string filter,
        PageRequest page,
        CancellationToken stop
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        IQueryable<WebhookDeliveryRow> all = context.WebhookDeliveries.Where(d => d.WebhookId == webhook.Id);
        if (filter.Length > 0)
        {
            DeliveryState state = StateOf(filter);
            all = all.Where(d => d.State == state);
        }

        if (page.Start is { } start)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(start.Number);
            all = all.Where(d => d.CreatedAt < at || (d.CreatedAt == at && d.Id.CompareTo(start.Id) < 0));
        }

        List<WebhookDeliveryRow> rows = await all.OrderByDescending(d => d.CreatedAt)
            .ThenByDescending(d => d.Id)
            .Take(page.Size + 1)
            .Select(d => new WebhookDeliveryRow
            {
                Id = d.Id,
                WebhookId = d.WebhookId,
                TenantId = d.TenantId,
                Type = d.Type,
                Body = "",
                CreatedAt = d.CreatedAt,
                State = d.State,
                Attempts = d.Attempts,
                DueAt = d.DueAt,
                EndedAt = d.EndedAt,
                LastStatus = d.LastStatus,
                LastError = d.LastError,
            })
            .ToListAsync(stop);
        return [.. rows.Select(WebhookAnswers.Of)];
    }

    /// <exception cref="ProblemException">404.</exception>
    public async Task<ApiDelivery> GetAsync(WebhookRow webhook, string deliveryId, CancellationToken stop)
    {
        Guid id = Found.Id(ApiIds.Delivery, deliveryId);
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        // Before the row: what it says is then never older than the newest attempt.
        List<WebhookAttemptRow> attempts = await context
            .WebhookAttempts.AsNoTracking()
            .Where(a => a.DeliveryId == id)
            .OrderBy(a => a.Number)
            .ToListAsync(stop);
        WebhookDeliveryRow row = (
            await context
                .WebhookDeliveries.AsNoTracking()
                .SingleOrDefaultAsync(d => d.Id == id && d.WebhookId == webhook.Id, stop)
        ).OrNotFound();
        return WebhookAnswers.Of(row, attempts);
    }

    /// <summary>Due again at once, with the whole schedule before it; its id and body stay.</summary>
    /// <exception cref="ProblemException">404; 409: the webhook is disabled.</exception>
    public async Task ReplayAsync(WebhookRow webhook, string deliveryId)
    {
        Guid id = Found.Id(ApiIds.Delivery, deliveryId);
        RequireEnabled(webhook);
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        _ = await context
            .WebhookDeliveries.Where(d => d.Id == id && d.WebhookId == webhook.Id)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(d => d.State, DeliveryState.Pending)
                    .SetProperty(d => d.DueAt, now)
                    .SetProperty(d => d.EndedAt, (DateTimeOffset?)null)
                    .SetProperty(d => d.AttemptsBefore, d => d.Attempts)
            );
    }

    private static DeliveryState StateOf(string filter)
    {
        string[] parts = filter.Split('=', StringSplitOptions.TrimEntries);
        DeliveryState? state = Enum.GetValues<DeliveryState>()
            .Cast<DeliveryState?>()
            .FirstOrDefault(s => $"{s}".Equals(parts[^1], StringComparison.OrdinalIgnoreCase));
        return parts.Length == 2 && parts[0] == "state" && state is { } known
            ? known
            : throw Fields.Wrong("filter", "It is state = PENDING, state = DELIVERED or state = FAILED.");
    }
}
