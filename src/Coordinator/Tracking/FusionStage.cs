using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Coordinator.State;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>What the Coordinator makes of the workers' words on chunks. Any of them may be late, repeated or out of order.</summary>
public sealed partial class FusionStage(
    ChunkLedger chunks,
    JobLedger jobs,
    JobEnding ending,
    StageStarter stages,
    WakeSignal wake,
    CommitMeter meter,
    Builds builds,
    CoordinatorOptions options,
    IBus bus,
    ILogger<FusionStage> logger
)
{
    /// <summary>A heartbeat. Whoever holds an attempt that is not the newest is told to stop.</summary>
    public async Task ProgressedAsync(ChunkProgressed progress, CancellationToken cancellationToken)
    {
        if (!await chunks.RenewAsync(progress, cancellationToken))
        {
            await bus.Publish(
                new AttemptVoided(progress.JobId, progress.ChunkIndex, progress.Attempt, progress.WorkerId),
                cancellationToken
            );
        }
    }

    public async Task FailedAsync(ChunkFailed failed, CancellationToken cancellationToken)
    {
        LogFailed(failed.ChunkIndex, failed.Attempt, failed.WorkerId, failed.Failure.Code, failed.Failure.Message);
        // A worker that was stopped has not failed, and one of another build leaves the chunk to others.
        bool isVoid =
            failed.Failure.Kind == FailureKind.Cancelled
            || (
                failed.Failure.Code == Failure.PipelineDiffers
                && await builds.DiffersAsync(failed.JobId, failed.WorkerId, cancellationToken)
            );
        await EndAsync(
            new AttemptEnd(
                failed.JobId,
                failed.ChunkIndex,
                failed.Attempt,
                isVoid ? AttemptOutcome.Voided : AttemptOutcome.Failed,
                failed.WorkerId,
                failed.Failure
            ),
            cancellationToken
        );
    }

    /// <summary>Ends an attempt that made nothing: the chunk waits again, or is quarantined and the job fails with the cause.</summary>
    public Task EndAsync(AttemptEnd end, CancellationToken cancellationToken) =>
        ReturnAsync(end, chunks.ReturnAsync, cancellationToken);

    /// <summary>The same for an attempt whose segment had been accepted.</summary>
    public Task RevokeAsync(AttemptEnd end, CancellationToken cancellationToken) =>
        ReturnAsync(end, chunks.RevokeAsync, cancellationToken);

    /// <summary>Moves the job on when its last chunk is fused; run any number of times it moves once.</summary>
    public async Task FinishAsync(Guid jobId, CancellationToken cancellationToken)
    {
        // Asked first, after each chunk: it costs a look into an index, and the job's row is large.
        if (!await chunks.AreAllFusedAsync(jobId, cancellationToken))
        {
            return;
        }

        JobRow? job = await jobs.FindAsync(jobId, cancellationToken);
        if (job?.State != JobState.Fusing)
        {
            return;
        }

        IReadOnlyList<ChunkRow> all = await chunks.ListAsync(jobId, cancellationToken);
        IReadOnlyList<ChunkRow> odd = SegmentHeaders.FindOdd(all);
        foreach (ChunkRow chunk in odd)
        {
            await RevokeAsync(SegmentHeaders.EndOf(chunk), cancellationToken);
        }

        bool isDone = odd.Count == 0;
        if (
            isDone
            && await jobs.CompleteStageAsync(
                jobId,
                JobState.Fusing,
                job.Attempt,
                JobState.Assembling,
                _ => { },
                cancellationToken
            )
        )
        {
            await stages.StartAsync(jobId, cancellationToken);
        }
    }

    private async Task ReturnAsync(
        AttemptEnd end,
        Func<AttemptEnd, ChunkState, CancellationToken, Task<bool>> change,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<AttemptRow> history = await chunks.HistoryAsync(end.JobId, end.ChunkIndex, cancellationToken);
        bool isOver = QuarantineRule.IsOver(history, end, options);
        if (!await change(end, isOver ? ChunkState.Quarantined : ChunkState.Waiting, cancellationToken))
        {
            return;
        }

        meter.Ended(end.Outcome);
        if (!isOver)
        {
            LogReturned(end.ChunkIndex, end.Attempt, end.Outcome);
            wake.Set();
            return;
        }

        LogQuarantined(end.ChunkIndex, end.Attempt);
        if (await chunks.FindAsync(end.JobId, end.ChunkIndex, cancellationToken) is { } chunk)
        {
            Failure cause = QuarantineRule.CauseOf(chunk, end);
            _ = await ending.EndAsync(end.JobId, JobState.Failed, cause, cancellationToken);
        }
    }

    [LoggerMessage(
        EventIds.ChunkFailed,
        LogLevel.Warning,
        "Chunk {ChunkIndex} attempt {Attempt} failed on {WorkerId}: {Code}: {Reason}"
    )]
    private partial void LogFailed(int chunkIndex, int attempt, string workerId, string code, string reason);

    [LoggerMessage(
        EventIds.ChunkReturned,
        LogLevel.Information,
        "Chunk {ChunkIndex} waits again: attempt {Attempt} ended as {Outcome}"
    )]
    private partial void LogReturned(int chunkIndex, int attempt, AttemptOutcome outcome);

    [LoggerMessage(
        EventIds.ChunkQuarantined,
        LogLevel.Error,
        "Chunk {ChunkIndex} is quarantined after attempt {Attempt}"
    )]
    private partial void LogQuarantined(int chunkIndex, int attempt);
}
