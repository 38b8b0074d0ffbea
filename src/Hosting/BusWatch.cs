using FaceFusion.Batch.Contracts.Errors;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Hosting;

/// <summary>
/// Ends a process whose queues stay unheard. After a restart of the broker, an endpoint of the messaging library can hold on to
/// its old connection for good; the process would live on, say that it is alive, and take no work. Whoever supervises it starts
/// a new one.
/// </summary>
internal sealed partial class BusWatch(
    IBusControl bus,
    RabbitMqOptions broker,
    IHostApplicationLifetime process,
    TimeProvider clock,
    ILogger<BusWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(2);

    /// <summary>Longer than the library's pauses between two tries to connect.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset well = clock.GetUtcNow();
        using PeriodicTimer timer = new(Often, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            BusHealthResult health = bus.CheckHealth();
            if (health.Status == BusHealthStatus.Healthy || !await AnswersAsync(stoppingToken))
            {
                // Without a broker a new process could do no more than this one.
                well = clock.GetUtcNow();
            }
            else if (clock.GetUtcNow() - well > Patience)
            {
                LogUnheard(Patience.TotalSeconds, health.Description);
                process.StopApplication();
                return;
            }
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken stop)
    {
        try
        {
            await BrokerCheck.RequireAsync(broker, stop);
            return true;
        }
        catch (FusionException)
        {
            return false;
        }
    }

    [LoggerMessage(
        4001,
        LogLevel.Critical,
        "Queues could not be heard for {Seconds:F0} s; this process ends, so that a new one takes its place: {Description}"
    )]
    private partial void LogUnheard(double seconds, string description);
}
