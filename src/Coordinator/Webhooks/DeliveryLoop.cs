using System.Collections.Concurrent;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Sweeping;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Webhooks;

/// <summary>
/// Sends what is due, many at once, yet only some of one webhook and of one tenant: whoever answers slowly holds up himself alone.
/// </summary>
internal sealed partial class DeliveryLoop(
    DeliveryLedger ledger,
    DeliveryRetention retention,
    WebhookClient client,
    DeliveryMeter meter,
    TimeProvider clock,
    ILogger<DeliveryLoop> logger
) : BackgroundService
{
    /// <summary>Requests at once of this process.</summary>
    public const int Most = 256;

    public const int MostOfTenant = 32;
    public const int MostOfWebhook = 8;

    private const int AtATime = 64;

    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(1);

    /// <summary>What is on its way when the process is told to stop may still arrive; then its lease has to run out.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly WakeSignal _wake = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly ConcurrentDictionary<Guid, DueDelivery> _inHand = new();
    private readonly ConcurrentDictionary<Guid, Task> _sending = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Task all = Task.WhenAll(_sending.Values);
        _ = await Task.WhenAny(all, Task.Delay(Patience, TimeProvider.System, cancellationToken));
        await _abandon.CancelAsync();
        await all;
    }

    public override void Dispose()
    {
        _abandon.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _wake.WaitAsync(AtMost, clock, stoppingToken);
            try
            {
                await BeginAllAsync(stoppingToken);
                await retention.SweepAsync(stoppingToken);
            }
            catch (Exception e) when (DatabaseTrouble.Is(e))
            {
                // The database is out of reach for now; the next round sees the same rows.
                LogFault(e);
            }
        }
    }

    /// <summary>Begins to send whatever is due and may be sent.</summary>
    private async Task BeginAllAsync(CancellationToken stop)
    {
        bool isMore = true;
        while (isMore && _inHand.Count < Most)
        {
            IReadOnlyList<DueDelivery> due = await ledger.FindDueAsync(
                [.. Full(d => d.WebhookId, MostOfWebhook)],
                [.. Full(d => d.TenantId, MostOfTenant)],
                Math.Min(AtATime, Most - _inHand.Count),
                stop
            );
            isMore = false;
            foreach (DueDelivery delivery in due)
            {
                isMore |= await TryBeginAsync(delivery, stop);
            }
        }
    }

    private async Task<bool> TryBeginAsync(DueDelivery due, CancellationToken stop)
    {
        bool isFull =
            Full(d => d.WebhookId, MostOfWebhook).Contains(due.WebhookId)
            || Full(d => d.TenantId, MostOfTenant).Contains(due.TenantId);
        // One whose lease has run out while it is still being sent here waits for that.
        if (isFull || !_inHand.TryAdd(due.Id, due))
        {
            return false;
        }

        ClaimedDelivery? claimed = null;
        try
        {
            claimed = await ledger.ClaimAsync(due, stop);
        }
        finally
        {
            if (claimed is null)
            {
                _ = _inHand.TryRemove(due.Id, out _);
            }
        }

        if (claimed is not null)
        {
            _sending[due.Id] = Task.Run(() => SendAsync(claimed), CancellationToken.None);
        }

        return claimed is not null;
    }

    private IEnumerable<T> Full<T>(Func<DueDelivery, T> of, int most) =>
        _inHand.Values.GroupBy(of).Where(group => group.Count() >= most).Select(group => group.Key);

    private async Task SendAsync(ClaimedDelivery claimed)
    {
        WebhookDeliveryRow delivery = claimed.Delivery;
        try
        {
            Sent sent = await client.SendAsync(
                claimed.Webhook.Url,
                ApiIds.Write(ApiIds.Delivery, delivery.Id),
                WebhookSecret.Signing(claimed.Webhook, clock.GetUtcNow()),
                delivery.Body,
                _abandon.Token
            );
            if (await ledger.RecordAsync(claimed, sent, CancellationToken.None) is { } outcome)
            {
                meter.Ended(outcome);
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            // Whether it arrived nobody knows: it is sent again when its lease has run out.
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            // Likewise.
            LogFault(e);
        }
        finally
        {
            _ = _inHand.TryRemove(delivery.Id, out _);
            _ = _sending.TryRemove(delivery.Id, out _);
            _wake.Set();
        }
    }

    [LoggerMessage(EventIds.LoopFault, LogLevel.Warning, "A round of deliveries to webhooks was cut short")]
    private partial void LogFault(Exception e);
}
