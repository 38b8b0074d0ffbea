using FaceFusion.Batch.Contracts.Errors;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Hosting;

/// <summary>
/// Ends a process whose queues stay unheard. After a broker was gone or silent, an endpoint of the messaging library can hold on to its
/// old connection for good, and at times the library calls it healthy; the process would live on, say that it is alive, and take no
/// work. So the broker is asked who listens. It starts before the bus, whose own start can hang in the same way. Whoever supervises the
/// process starts a new one.
/// </summary>
internal sealed partial class BusWatch(
    IBusControl bus,
    RabbitMqOptions broker,
    IHostApplicationLifetime process,
    TimeProvider clock,
    ILogger<BusWatch> logger
) : BackgroundService
{
    private const int ExitUnexpected = 1;

    private static readonly TimeSpan Often = TimeSpan.FromSeconds(5);

    /// <summary>Longer than the library's pauses between two tries to connect.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan Haste = TimeSpan.FromSeconds(10);

    private readonly LastResort _last = new(() => { });

    public override void Dispose()
    {
        _last.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long well = clock.GetTimestamp();
        using PeriodicTimer timer = new(Often, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            string? trouble = await FindTroubleAsync(stoppingToken);
            if (trouble is null)
            {
                well = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(well) > Patience)
            {
                LogUnheard(Patience.TotalSeconds, trouble);
                // What does not hear may not stop in good order either, and nobody would hear what its work has come to.
                _last.Arm(Haste, ExitUnexpected);
                process.StopApplication();
                return;
            }
        }
    }

    /// <summary>Of this process's consumers. The bus's own address, which nobody writes to, has none before somebody does.</summary>
    internal static IReadOnlyList<string> QueuesOf(BusHealthResult health) =>
        [
            .. health
                .Endpoints.Values.Select(endpoint => endpoint.InputAddress)
                .Where(address => !address.Query.Contains("temporary=true", StringComparison.Ordinal))
                .Select(address => address.Segments[^1]),
        ];

    /// <summary>Null: all is well, or the broker is away, without which a new process could do no more than this one.</summary>
    private async Task<string?> FindTroubleAsync(CancellationToken stop)
    {
        BusHealthResult health = bus.CheckHealth();
        try
        {
            string? unheard = await BrokerCheck.FindUnheardAsync(broker, QueuesOf(health), stop);
            return unheard is not null ? $"nobody listens to {unheard}"
                : health.Status == BusHealthStatus.Healthy ? null
                : health.Description ?? "the bus has not started";
        }
        catch (FusionException)
        {
            return null;
        }
    }

    [LoggerMessage(
        4001,
        LogLevel.Critical,
        "Queues could not be heard for {Seconds:F0} s; this process ends, so that a new one takes its place: {Trouble}"
    )]
    private partial void LogUnheard(double seconds, string trouble);
}
