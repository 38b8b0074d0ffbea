using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceFusion.Batch.Coordinator.Webhooks;

/// <summary>A delivery whose time has come.</summary>
internal sealed record DueDelivery(Guid Id, Guid WebhookId, string TenantId, int Attempts);

/// <summary>One that is ours to send.</summary>
internal sealed record ClaimedDelivery(WebhookDeliveryRow Delivery, WebhookRow Webhook);

/// <summary>How an attempt at a delivery ended.</summary>
internal enum DeliveryOutcome
{
    Delivered,

    /// <summary>It is sent again later.</summary>
    Retried,

    /// <summary>It is not sent again.</summary>
    Failed,
}

/// <summary>
/// The only writer of deliveries that are there. Any number of processes share them: each takes one by compare-and-set, and one
/// that is taken and not heard of again is due again after a lease. Rows are locked in one order, webhook before delivery.
/// </summary>
internal sealed class DeliveryLedger(IDbContextFactory<JobsDbContext> contexts, TimeProvider clock)
{
    /// <summary>Longer than a request and the writing down of what came of it take together.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>A webhook that nothing has reached for so long is stopped.</summary>
    public static readonly TimeSpan LongestFailing = TimeSpan.FromDays(5);

    /// <summary>Why a delivery ends that was not sent.</summary>
    private const string Stopped = "webhook-disabled";

    private const int AttemptsKept = 100;

    /// <summary>The longest due first.</summary>
    /// <param name="busyWebhooks">Not those of these.</param>
    /// <param name="busyTenants">Nor of these.</param>
    /// <param name="most">At most.</param>
    /// <param name="stop">Ends the look.</param>
    public async Task<IReadOnlyList<DueDelivery>> FindDueAsync(
        IReadOnlyList<Guid> busyWebhooks,
        IReadOnlyList<string> busyTenants,
        int most,
        CancellationToken stop
    )
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await context
            .WebhookDeliveries.Where(d => d.State == DeliveryState.Pending && d.DueAt <= now)
            .Where(d => !busyWebhooks.Contains(d.WebhookId) && !busyTenants.Contains(d.TenantId))
            .OrderBy(d => d.DueAt)
            .Take(most)
            .Select(d => new DueDelivery(d.Id, d.WebhookId, d.TenantId, d.Attempts))
            .ToListAsync(stop);
    }

    /// <summary>Takes it for a lease. Null: somebody else did, or its webhook is told nothing any more.</summary>
    public async Task<ClaimedDelivery?> ClaimAsync(DueDelivery due, CancellationToken stop)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        int taken = await Held(context, due.Id, due.Attempts)
            .Where(d => d.DueAt <= now)
            .ExecuteUpdateAsync(
                set => set.SetProperty(d => d.Attempts, due.Attempts + 1).SetProperty(d => d.DueAt, now + Lease),
                stop
            );
        if (taken == 0)
        {
            return null;
        }

        var found = await context
            .WebhookDeliveries.Where(d => d.Id == due.Id)
            .Join(context.Webhooks, d => d.WebhookId, w => w.Id, (delivery, webhook) => new { delivery, webhook })
            .AsNoTracking()
            .SingleOrDefaultAsync(stop);
        if (found is null)
        {
            return null;
        }

        if (found.webhook.StoppedBy is not null)
        {
            _ = await Held(context, due.Id, due.Attempts + 1).ExecuteUpdateAsync(set => Fail(set, now, null), stop);
            return null;
        }

        return new ClaimedDelivery(found.delivery, found.webhook);
    }

    /// <summary>Writes down what came of it. Null: it was taken by another since, or is gone; that one's word counts.</summary>
    public async Task<DeliveryOutcome?> RecordAsync(ClaimedDelivery claimed, Sent sent, CancellationToken stop)
    {
        WebhookDeliveryRow delivery = claimed.Delivery;
        DateTimeOffset now = clock.GetUtcNow();
        TimeSpan? pause = RetrySchedule.After(
            delivery.Attempts - delivery.AttemptsBefore,
            sent.RetryAfter,
            Random.Shared.NextDouble()
        );
        bool isGone = sent.Status == 410;
        DeliveryOutcome outcome =
            sent.IsTaken ? DeliveryOutcome.Delivered
            : isGone || pause is null ? DeliveryOutcome.Failed
            : DeliveryOutcome.Retried;
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(stop);
        bool isStopped = await ReportAsync(context, delivery.WebhookId, sent.IsTaken, outcome, isGone, now, stop);
        int changed = await Held(context, delivery.Id, delivery.Attempts)
            .ExecuteUpdateAsync(set => Set(set, outcome, sent, now + pause, now), stop);
        if (changed == 0)
        {
            return null;
        }

        await KeepAsync(context, delivery, sent, stop);
        if (isStopped)
        {
            await FailPendingAsync(context, delivery.WebhookId, now, stop);
        }

        await change.CommitAsync(stop);
        return outcome;
    }

    /// <summary>Nothing that is on its way to the webhook is sent any more. In a transaction that has stopped it.</summary>
    public static async Task FailPendingAsync(
        JobsDbContext context,
        Guid webhookId,
        DateTimeOffset now,
        CancellationToken stop
    ) =>
        _ = await context
            .WebhookDeliveries.Where(d => d.WebhookId == webhookId && d.State == DeliveryState.Pending)
            .ExecuteUpdateAsync(set => Fail(set, now, Stopped), stop);

    private static IQueryable<WebhookDeliveryRow> Held(JobsDbContext context, Guid id, int attempts) =>
        context.WebhookDeliveries.Where(d => d.Id == id && d.State == DeliveryState.Pending && d.Attempts == attempts);

    private static void Set(
        UpdateSettersBuilder<WebhookDeliveryRow> set,
        DeliveryOutcome outcome,
        Sent sent,
        DateTimeOffset? due,
        DateTimeOffset now
    )
    {
        _ = set.SetProperty(d => d.LastStatus, sent.Status).SetProperty(d => d.LastError, sent.Error);
        if (outcome == DeliveryOutcome.Retried)
        {
            _ = set.SetProperty(d => d.DueAt, due);
            return;
        }

        DeliveryState end = outcome == DeliveryOutcome.Delivered ? DeliveryState.Delivered : DeliveryState.Failed;
        _ = set.SetProperty(d => d.State, end)
            .SetProperty(d => d.DueAt, (DateTimeOffset?)null)
            .SetProperty(d => d.EndedAt, now);
    }

    private static void Fail(UpdateSettersBuilder<WebhookDeliveryRow> set, DateTimeOffset now, string? error)
    {
        _ = set.SetProperty(d => d.State, DeliveryState.Failed)
            .SetProperty(d => d.DueAt, (DateTimeOffset?)null)
            .SetProperty(d => d.EndedAt, now)
            .SetProperty(d => d.LastStatus, (int?)null)
            .SetProperty(d => d.LastError, error ?? Stopped);
    }

    private static async Task KeepAsync(
        JobsDbContext context,
        WebhookDeliveryRow delivery,
        Sent sent,
        CancellationToken stop
    )
    {
        _ = context.WebhookAttempts.Add(
            new WebhookAttemptRow
            {
                DeliveryId = delivery.Id,
                Number = delivery.Attempts,
                At = sent.At,
                Milliseconds = sent.Milliseconds,
                Status = sent.Status,
                Error = sent.Error,
                Answer = sent.Answer,
            }
        );
        _ = await context.SaveChangesAsync(stop);
        if (delivery.Attempts > AttemptsKept)
        {
            _ = await context
                .WebhookAttempts.Where(a => a.DeliveryId == delivery.Id)
                .Where(a => a.Number <= delivery.Attempts - AttemptsKept)
                .ExecuteDeleteAsync(stop);
        }
    }

    /// <summary>What the webhook has to know of it. True: it is stopped by it.</summary>
    private static async Task<bool> ReportAsync(
        JobsDbContext context,
        Guid webhookId,
        bool isTaken,
        DeliveryOutcome outcome,
        bool isGone,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        IQueryable<WebhookRow> live = context.Webhooks.Where(w => w.Id == webhookId && w.StoppedBy == null);
        DateTimeOffset? since = isTaken ? null : now;
        _ = await live.Where(w => (w.FailingSince == null) != isTaken)
            .ChangeAsync(now, set => set.SetProperty(w => w.FailingSince, since), stop);
        if (outcome != DeliveryOutcome.Failed)
        {
            return false;
        }

        WebhookStop reason = isGone ? WebhookStop.Gone : WebhookStop.Failing;
        int stopped = await live.Where(w => isGone || w.FailingSince <= now - LongestFailing)
            .ChangeAsync(
                now,
                set => set.SetProperty(w => w.StoppedBy, reason).SetProperty(w => w.StoppedAt, now),
                stop
            );
        return stopped == 1;
    }
}
