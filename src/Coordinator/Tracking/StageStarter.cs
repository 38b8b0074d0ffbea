using System.Diagnostics;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Gates;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Hosting.Tracing;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>Hands out the stage that a job's row says is owed. Row first, message second: a lost message is sent again by the sweeper.</summary>
public sealed partial class StageStarter(
    JobLedger ledger,
    StageWindow window,
    GateStage gates,
    ScanOrders scans,
    WakeSignal wake,
    IBus bus,
    TimeProvider clock,
    ILogger<StageStarter> logger
)
{
    /// <summary>Begins the job's stage, if there is room for its order.</summary>
    public Task StartAsync(Guid jobId, CancellationToken cancellationToken) =>
        StartAsync(jobId, isItsTurn: false, cancellationToken);

    /// <param name="jobId">The job.</param>
    /// <param name="isItsTurn">There is room for its order; it was looked for.</param>
    /// <param name="cancellationToken">The stage stays owed.</param>
    public async Task StartAsync(Guid jobId, bool isItsTurn, CancellationToken cancellationToken)
    {
        JobRow? seen = await ledger.FindAsync(jobId, cancellationToken);
        if (seen is null || seen.PausedAt is not null || seen.State.IsTerminal())
        {
            return;
        }

        if (seen.State == JobState.Fusing)
        {
            wake.Set();
            return;
        }

        if (seen.LeaseUntil > clock.GetUtcNow())
        {
            // Somebody has it by now: two sweeps may find the same stage owed.
            return;
        }

        if (!isItsTurn && !await window.HasRoomAsync(seen, cancellationToken))
        {
            return;
        }

        JobRow? started = await ledger.StartStageAsync(seen, cancellationToken);
        if (started is null)
        {
            return;
        }

        LogStarted(started.State, started.Attempt);
        using Activity? span = FleetTrace.Start($"order {started.State}", started.TraceParent, jobId);
        switch (started.State)
        {
            case JobState.Preparing:
                await bus.Publish(new PrepareVideo(jobId, started.Attempt), cancellationToken);
                break;
            case JobState.Scanning:
                await bus.Publish(await scans.MakeAsync(started, cancellationToken), cancellationToken);
                break;
            case JobState.Gating:
                await gates.RunAsync(started, cancellationToken);
                break;
            case JobState.Assembling:
                await bus.Publish(new AssembleVideo(jobId, started.Attempt), cancellationToken);
                break;
        }
    }

    [LoggerMessage(EventIds.StageStarted, LogLevel.Information, "{Stage} started, attempt {Attempt}")]
    private partial void LogStarted(JobState stage, int attempt);
}
