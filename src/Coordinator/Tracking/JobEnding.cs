using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>Ends jobs before their natural end, once, and tells the workers.</summary>
public sealed partial class JobEnding(JobLedger ledger, IBus bus, CoordinatorOptions options, ILogger<JobEnding> logger)
{
    /// <summary>In a fleet a full disk or a store out of reach is one machine's, or passes: with the pauses in between, minutes.</summary>
    private const int FaultsOfStorageAllowed = 12;

    /// <summary>False: the job has ended already, or its result is being published.</summary>
    public async Task<bool> EndAsync(Guid jobId, JobState end, Failure? failure, CancellationToken cancellationToken)
    {
        if (!await ledger.EndAsync(jobId, end, failure, cancellationToken))
        {
            return false;
        }

        LogEnded(jobId, end, failure?.Code);
        // Whoever misses this is told again when its next heartbeat comes.
        await bus.Publish(new JobCancelled(jobId), cancellationToken);
        return true;
    }

    /// <summary>A stage in this process or a scan failed: try again, or end the job.</summary>
    public async Task StageFailedAsync(
        JobRow job,
        Failure failure,
        int failuresAllowed,
        CancellationToken cancellationToken
    )
    {
        LogStageFailed(job.State, job.Attempt, failure.Code, failure.Message);
        bool isStopped = failure.Kind == FailureKind.Cancelled;
        int failures = job.StageFailures + (isStopped ? 0 : 1);
        // A full disk is for good where there is one machine; in a fleet it is one of many.
        bool mayPass = !options.IsEmbedded && failure.Kind == FailureKind.StorageFault;
        if ((failure.IsTransient || mayPass) && failures < (mayPass ? FaultsOfStorageAllowed : failuresAllowed))
        {
            _ = await ledger.ReturnStageAsync(job.Id, job.State, job.Attempt, failures, cancellationToken);
            return;
        }

        // Undo a publication that did not come about, so that the job may end.
        _ = await ledger.ReturnStageAsync(job.Id, job.State, job.Attempt, failures, cancellationToken);
        _ = await EndAsync(job.Id, JobState.Failed, failure, cancellationToken);
    }

    [LoggerMessage(EventIds.JobEnded, LogLevel.Information, "Job {JobId} ended: {State} {Code}")]
    private partial void LogEnded(Guid jobId, JobState state, string? code);

    [LoggerMessage(EventIds.StageFailed, LogLevel.Warning, "{Stage} attempt {Attempt} failed: {Code}: {Reason}")]
    private partial void LogStageFailed(JobState stage, int attempt, string code, string reason);
}
