using System.Diagnostics;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Worker.Observing;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>What an attempt needs from whoever runs it.</summary>
public sealed record AttemptCalls
{
    /// <summary>Sends a heartbeat with the frames done.</summary>
    public required Func<int, Task> SendProgress { get; init; }

    /// <summary>Does the work and says that it is done.</summary>
    public required Func<RunningAttempt, Action<int>, Task> Work { get; init; }

    /// <summary>Says why it is not.</summary>
    public required Func<Failure, Task> SendFailure { get; init; }

    public required TimeSpan Heartbeat { get; init; }
}

/// <summary>Runs one attempt from its message to its last word. Nothing that goes wrong in it reaches the worker.</summary>
public sealed partial class AttemptRunner(
    RunningAttempts running,
    DrainGate gate,
    WorkMeter meter,
    TimeProvider clock,
    ILogger<AttemptRunner> logger
)
{
    /// <summary>Gives back what is in hand, and whatever still comes: the machine is about to be taken away.</summary>
    public void HandBack()
    {
        LogHandBack(running.Busy);
        gate.Shut();
        running.HandBack();
    }

    /// <param name="key">The attempt.</param>
    /// <param name="calls">Its work and its messages.</param>
    /// <param name="processStop">Fires when the process gives its work up.</param>
    public async Task RunAsync(AttemptKey key, AttemptCalls calls, CancellationToken processStop)
    {
        using (RunningAttempt? attempt = running.TryStart(key, processStop))
        {
            if (attempt is null)
            {
                LogRepeated(key.ChunkIndex, key.Attempt);
                return;
            }

            if (!gate.IsDraining)
            {
                await RunAsync(attempt, calls, processStop);
                return;
            }
        }

        LogRefused(key.ChunkIndex, key.Attempt);
        await calls.SendFailure(WorkerFailures.Drained);
        await gate.HoldAsync(processStop);
    }

    private async Task RunAsync(RunningAttempt attempt, AttemptCalls calls, CancellationToken processStop)
    {
        LogStarted(attempt.Key.ChunkIndex, attempt.Key.Attempt);
        Failure? failure = await WorkAsync(attempt, calls, processStop);
        bool isStopped = attempt.Stop.IsCancellationRequested;
        meter.Ended(
            isStopped ? "stopped"
            : failure is null ? "done"
            : "failed"
        );
        if (failure is not null)
        {
            _ = Activity.Current?.SetStatus(ActivityStatusCode.Error, failure.Code);
        }

        if (failure is not null && !attempt.IsVoid)
        {
            await calls.SendFailure(failure);
        }

        if (failure?.Code == Failure.PipelineDiffers)
        {
            await LeaveToOthersAsync(calls.Heartbeat, attempt.Stop);
        }
    }

    /// <summary>The slot stays taken for a while, or the chunk would come back to it before a worker that can do it has a chance.</summary>
    private async Task LeaveToOthersAsync(TimeSpan heartbeat, CancellationToken stop) =>
        await Task.Delay(heartbeat, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task<Failure?> WorkAsync(RunningAttempt attempt, AttemptCalls calls, CancellationToken processStop)
    {
        await using ProgressReporter progress = new(calls.SendProgress, calls.Heartbeat, clock, logger);
        try
        {
            await calls.Work(attempt, progress.Report);
            LogDone(attempt.Key.ChunkIndex, attempt.Key.Attempt);
            return null;
        }
        catch (OperationCanceledException) when (attempt.Stop.IsCancellationRequested)
        {
            LogStopped(attempt.Key.ChunkIndex, attempt.Key.Attempt);
            return IsGivenBack(processStop) ? WorkerFailures.Stopped : null;
        }
#pragma warning disable CA1031 // A worker never dies of one chunk: whatever it was, the Coordinator hears of it and decides.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (attempt.IsVoid)
            {
                // Work that is torn down under a stop may fail in any way; nobody waits for it.
                LogStopped(attempt.Key.ChunkIndex, attempt.Key.Attempt);
                return null;
            }

            LogFailed(e, attempt.Key.ChunkIndex, attempt.Key.Attempt);
            return IsGivenBack(processStop) ? WorkerFailures.Stopped : WorkerFailures.Of(e);
        }
    }

    private bool IsGivenBack(CancellationToken processStop) =>
        processStop.IsCancellationRequested || running.IsHandedBack;

    [LoggerMessage(EventIds.AttemptStarted, LogLevel.Debug, "Chunk {ChunkIndex} attempt {Attempt} started")]
    private partial void LogStarted(int chunkIndex, int attempt);

    [LoggerMessage(EventIds.AttemptDone, LogLevel.Debug, "Chunk {ChunkIndex} attempt {Attempt} done")]
    private partial void LogDone(int chunkIndex, int attempt);

    [LoggerMessage(EventIds.AttemptFailed, LogLevel.Warning, "Chunk {ChunkIndex} attempt {Attempt} failed")]
    private partial void LogFailed(Exception e, int chunkIndex, int attempt);

    [LoggerMessage(EventIds.AttemptStopped, LogLevel.Information, "Chunk {ChunkIndex} attempt {Attempt} stopped")]
    private partial void LogStopped(int chunkIndex, int attempt);

    [LoggerMessage(
        EventIds.AttemptRefused,
        LogLevel.Information,
        "Chunk {ChunkIndex} attempt {Attempt} is given back: this worker is drained"
    )]
    private partial void LogRefused(int chunkIndex, int attempt);

    [LoggerMessage(
        EventIds.HandedBack,
        LogLevel.Information,
        "This machine is about to be taken away: {Chunks} chunks in hand are given back at once"
    )]
    private partial void LogHandBack(int chunks);

    [LoggerMessage(EventIds.AttemptRepeated, LogLevel.Debug, "Chunk {ChunkIndex} attempt {Attempt} is in hand already")]
    private partial void LogRepeated(int chunkIndex, int attempt);
}
