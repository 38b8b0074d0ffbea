using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceFusion.Batch.Coordinator.Api.Webhooks;

/// <summary>Makes webhooks and changes them.</summary>
internal sealed class WebhookDesk(
    IDbContextFactory<JobsDbContext> contexts,
    WebhookReach reach,
    ApiOptions options,
    TimeProvider clock
)
{
    private const int LongestKeep = 24;

    /// <summary>Makes the one with this id, or finds it made.</summary>
    /// <exception cref="ProblemException">A field is wrong, the address is not allowed, or the tenant has as many as it may.</exception>
    public async Task CreateAsync(string tenant, Guid id, CreateWebhook asked)
    {
        Check(asked.Url, asked.Events);
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        IQueryable<WebhookRow> mine = context.Webhooks.AsNoTracking().Where(w => w.TenantId == tenant);
        if (await mine.AnyAsync(w => w.Id == id))
        {
            return;
        }

        DateTimeOffset now = clock.GetUtcNow();
        WebhookRow row = new()
        {
            Id = id,
            TenantId = tenant,
            Url = asked.Url,
            Events = [.. asked.Events.Distinct()],
            Label = DisplayNames.Clean(asked.Label ?? ""),
            CreatedAt = now,
            UpdatedAt = now,
            Version = 1,
            Secret = WebhookSecret.Make(),
            SecretId = id,
        };
        _ = context.Webhooks.Add(row);
        _ = await context.SaveChangesAsync();
        // Counted behind the write: of two that come at once both see both.
        if (await mine.CountAsync() > options.WebhooksPerTenant)
        {
            _ = await context.Webhooks.Where(w => w.Id == id).ExecuteDeleteAsync();
            throw new ProblemException(
                ProblemKind.WebhookLimit,
                $"There may be {options.WebhooksPerTenant} webhooks: delete one that is not needed any more."
            );
        }
    }

    /// <exception cref="ProblemException">A field is wrong, or the webhook has changed since that version.</exception>
    public async Task PatchAsync(WebhookRow webhook, long? version, PatchWebhook asked)
    {
        Check(asked.Url, asked.Events);
        DateTimeOffset now = clock.GetUtcNow();
        long seen = version ?? webhook.Version;
        IReadOnlyList<string> events = asked.Events is { } given ? [.. given.Distinct()] : webhook.Events;
        string label = asked.Label is { } text ? DisplayNames.Clean(text) : webhook.Label;
        bool isStopped = asked.Enabled == false && webhook.StoppedBy is null;
        bool isBegun = asked.Enabled == true && webhook.StoppedBy is not null;
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync();
        int changed = await context
            .Webhooks.Where(w => w.Id == webhook.Id && w.Version == seen)
            .ChangeAsync(
                now,
                set =>
                {
                    _ = set.SetProperty(w => w.Url, asked.Url ?? webhook.Url)
                        .SetProperty(w => w.Events, events)
                        .SetProperty(w => w.Label, label);
                    if (isStopped || isBegun)
                    {
                        _ = set.SetProperty(w => w.StoppedBy, isStopped ? WebhookStop.Asked : null)
                            .SetProperty(w => w.StoppedAt, isStopped ? now : null)
                            .SetProperty(w => w.FailingSince, (DateTimeOffset?)null);
                    }
                },
                CancellationToken.None
            );
        if (changed == 0)
        {
            throw Stale();
        }

        if (isStopped)
        {
            await DeliveryLedger.FailPendingAsync(context, webhook.Id, now, CancellationToken.None);
        }

        await change.CommitAsync();
    }

    /// <summary>With all that was sent to it.</summary>
    /// <exception cref="ProblemException">It has changed since that version.</exception>
    public async Task DeleteAsync(WebhookRow webhook, long? version)
    {
        long seen = version ?? webhook.Version;
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        if (await context.Webhooks.Where(w => w.Id == webhook.Id && w.Version == seen).ExecuteDeleteAsync() == 0)
        {
            throw Stale();
        }
    }

    /// <summary>Another secret, made by the request with this id, or found made by it.</summary>
    /// <exception cref="ProblemException">The hours are out of their range, or it has changed in between.</exception>
    public async Task RotateAsync(WebhookRow webhook, Guid requestId, RotateSecret asked)
    {
        Fields fields = new();
        fields.Require(asked.KeepHours is >= 0 and <= LongestKeep, "/keepHours", $"It must be 0 to {LongestKeep}.");
        fields.Done();
        if (webhook.SecretId == requestId)
        {
            return;
        }

        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset until = now.AddHours(asked.KeepHours);
        // An older one does not get longer by this, and with 0 hours none goes on.
        IReadOnlyList<RetiredSecret> retired =
        [
            .. webhook
                .Retired.Prepend(new RetiredSecret(webhook.Secret, until))
                .Select(r => r with { Until = r.Until < until ? r.Until : until })
                .Where(r => r.Until > now),
        ];
        if (retired.Count > options.SecretsPerWebhook - 1)
        {
            throw new ProblemException(
                ProblemKind.InvalidState,
                $"{retired.Count} secrets sign it already: wait for the oldest to end, or rotate with fewer keepHours."
            );
        }

        string secret = WebhookSecret.Make();
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        int changed = await context
            .Webhooks.Where(w => w.Id == webhook.Id && w.Version == webhook.Version)
            .ChangeAsync(
                now,
                set =>
                    set.SetProperty(w => w.Secret, secret)
                        .SetProperty(w => w.SecretId, requestId)
                        .SetProperty(w => w.Retired, retired),
                CancellationToken.None
            );
        if (changed == 0)
        {
            throw Stale();
        }
    }

    /// <summary>A <c>webhook.test</c>, due at once; its id.</summary>
    /// <exception cref="ProblemException">409: the webhook is disabled.</exception>
    public async Task<string> TestAsync(WebhookRow webhook)
    {
        DeliveryShelf.RequireEnabled(webhook);
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync();
        WebhookDeliveryRow row = WebhookOutbox.Add(
            context,
            webhook,
            WebhookEvents.Test,
            WebhookAnswers.Of(webhook, now),
            now
        );
        _ = await context.SaveChangesAsync();
        return ApiIds.Write(ApiIds.Delivery, row.Id);
    }

    private void Check(string? url, IReadOnlyList<string>? events)
    {
        Fields fields = new();
        fields.Require(events is null or { Count: > 0 }, "/events", "At least one is needed.");
        fields.Require(
            events?.All(WebhookEvents.All.Contains) ?? true,
            "/events",
            $"Each is one of {string.Join(", ", WebhookEvents.All)}."
        );
        fields.Done();
        if (url is not null && reach.Refusal(url) is { } why)
        {
            throw new ProblemException(ProblemKind.WebhookUrl, why) { Errors = [new("/url", why)] };
        }
    }

    private static ProblemException Stale() =>
        new(ProblemKind.Stale, "It has changed since that version: read it again.");
}
