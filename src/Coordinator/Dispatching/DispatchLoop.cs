using FaceFusion.Batch.Coordinator.Sweeping;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>Runs the dispatcher whenever something has changed, and once a second for what was missed.</summary>
public sealed partial class DispatchLoop(
    Dispatcher dispatcher,
    WakeSignal wake,
    DatabaseTrouble trouble,
    TimeProvider clock,
    ILogger<DispatchLoop> logger
) : BackgroundService
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await wake.WaitAsync(AtMost, clock, stoppingToken);
            try
            {
                _ = await dispatcher.ReleaseAsync(stoppingToken);
            }
            catch (Exception e) when (DatabaseTrouble.Is(e))
            {
                // The database or the store is out of reach for now; the next round sees the same rows.
                trouble.Seen(e);
                LogFault(e);
            }
        }
    }

    [LoggerMessage(EventIds.LoopFault, LogLevel.Warning, "A round of dispatching was cut short")]
    private partial void LogFault(Exception e);
}
