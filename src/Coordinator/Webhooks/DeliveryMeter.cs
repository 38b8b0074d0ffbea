using System.Diagnostics.Metrics;
using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Webhooks;

/// <summary>What became of deliveries in this process, and how far all processes together are behind.</summary>
internal sealed class DeliveryMeter
{
    private readonly IDbContextFactory<JobsDbContext> _contexts;
    private readonly TimeProvider _clock;
    private readonly Counter<long> _attempts;
    private double _oldestDue;

    public DeliveryMeter(IDbContextFactory<JobsDbContext> contexts, CommitMeter meter, TimeProvider clock)
    {
        (_contexts, _clock) = (contexts, clock);
        _attempts = meter.Meter.CreateCounter<long>(
            "ffb_webhook_attempts_total",
            null,
            "Attempts at deliveries to webhooks, by what came of the delivery."
        );
        _ = meter.Meter.CreateObservableGauge(
            "ffb_webhook_oldest_due_seconds",
            () => _oldestDue,
            null,
            "How long the delivery that is due for longest has waited."
        );
    }

    public void Ended(DeliveryOutcome outcome) =>
        _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));

    /// <summary>Reads the database anew.</summary>
    public async Task RefreshAsync(CancellationToken stop)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        await using JobsDbContext context = await _contexts.CreateDbContextAsync(stop);
        DateTimeOffset? oldest = await context
            .WebhookDeliveries.Where(d => d.State == DeliveryState.Pending && d.DueAt <= now)
            .MinAsync(d => d.DueAt, stop);
        _oldestDue = oldest is { } since ? (now - since).TotalSeconds : 0;
    }
}
