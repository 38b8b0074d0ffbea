using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Webhooks;

/// <summary>Forgets deliveries that are over: after thirty days, and of each webhook all but the newest.</summary>
internal sealed class DeliveryRetention(IDbContextFactory<JobsDbContext> contexts, TimeProvider clock)
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Of one webhook.</summary>
    public const int MostKept = 10_000;

    private const int AtATime = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Does something every ten minutes, and then for as long as there is much to do a little with each call.</summary>
    public async Task SweepAsync(CancellationToken stop)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (now < _next)
        {
            return;
        }

        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        IQueryable<WebhookDeliveryRow> over = context.WebhookDeliveries.Where(d => d.State != DeliveryState.Pending);
        int deleted = await DeleteAsync(context, over.Where(d => d.EndedAt < now - Kept), stop);
        List<Guid> crowded = await over.GroupBy(d => d.WebhookId)
            .Where(g => g.Count() > MostKept)
            .Select(g => g.Key)
            .ToListAsync(stop);
        foreach (Guid webhookId in crowded)
        {
            deleted += await DeleteAsync(
                context,
                over.Where(d => d.WebhookId == webhookId)
                    .OrderByDescending(d => d.CreatedAt)
                    .ThenByDescending(d => d.Id)
                    .Skip(MostKept),
                stop
            );
        }

        if (deleted < AtATime)
        {
            _next = now + Interval;
        }
    }

    /// <summary>Some of them.</summary>
    private static async Task<int> DeleteAsync(
        JobsDbContext context,
        IQueryable<WebhookDeliveryRow> rows,
        CancellationToken stop
    )
    {
        List<Guid> ids = await rows.Select(d => d.Id).Take(AtATime).ToListAsync(stop);
        return ids.Count == 0
            ? 0
            : await context
                .WebhookDeliveries.Where(d => ids.Contains(d.Id) && d.State != DeliveryState.Pending)
                .ExecuteDeleteAsync(stop);
    }
}
