using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Sweeping;

/// <summary>Runs the sweeper again and again.</summary>
public sealed partial class SweepLoop(
    Sweeper sweeper,
    CoordinatorOptions options,
    IDbContextFactory<JobsDbContext> contexts,
    IJobsDatabase database,
    DatabaseTrouble trouble,
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
                if (trouble.IsSeen)
                {
                    await WriteAsync(stoppingToken);
                    trouble.Over();
                }
            }
            catch (Exception e) when (DatabaseTrouble.Is(e))
            {
                // The database or the store is out of reach for now; the next round sees the same rows.
                trouble.Seen(e);
                LogFault(e);
            }
        }
    }

    /// <summary>A round may pass without a write, so that trouble is over only when something was written.</summary>
    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        await database.TryWriteAsync(context, cancellationToken);
    }

    [LoggerMessage(EventIds.LoopFault, LogLevel.Warning, "A sweep was cut short")]
    private partial void LogFault(Exception e);
}
