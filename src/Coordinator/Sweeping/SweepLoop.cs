using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Sweeping;

/// <summary>Runs the sweeper again and again.</summary>
public sealed partial class SweepLoop(
    Sweeper sweeper,
    CoordinatorOptions options,
    TimeProvider clock,
    ILogger<SweepLoop> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(options.SweepSeconds), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await sweeper.SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is DbUpdateException or SqliteException or IOException)
            {
                // The database or the store is out of reach for now; the next round sees the same rows.
                LogFault(e);
            }
        }
    }

    [LoggerMessage(EventIds.LoopFault, LogLevel.Warning, "A sweep was cut short")]
    private partial void LogFault(Exception e);
}
