using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Api.Uploads;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Submitting;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary>Rows of jobs as they are answered. What is answered depends on nothing but the rows: one version, one answer.</summary>
internal static class JobAnswers
{
    public static string TagOf(long version) => $"\"{version}\"";

    public static JobStep StepOf(JobState state) =>
        state switch
        {
            JobState.Queued => JobStep.Queued,
            JobState.Preparing or JobState.Scanning or JobState.Gating => JobStep.Validating,
            JobState.Fusing => JobStep.Running,
            JobState.Assembling => JobStep.Finalizing,
            JobState.Succeeded => JobStep.Succeeded,
            JobState.Failed => JobStep.Failed,
            JobState.Cancelled => JobStep.Cancelled,
            _ => JobStep.Declined,
        };

    public static ApiJob Of(JobRow job, ApiProgress? progress)
    {
        bool isPaused = job.PausedAt is not null && !job.State.IsTerminal();
        return new ApiJob
        {
            Id = ApiIds.Write(ApiIds.Job, job.Id),
            Kind = (JobFor)job.Kind,
            State = isPaused ? JobStep.Paused : StepOf(job.State),
            Target = job.TargetUploadId is { } upload ? ApiIds.Write(ApiIds.Upload, upload) : null,
            Sources = [.. job.Sources.Select(s => s.Name)],
            Recipe = job.Recipe,
            Priority = job.Priority,
            Usage = job.Usage == LicenceUsage.Unspecified ? null : job.Usage,
            Labels = Labels.Read(job.Labels),
            Progress = progress,
            Batch = job.BatchId is { } batch ? ApiIds.Write(ApiIds.Batch, batch) : null,
            Row = job.RowKey,
            CreateTime = job.CreatedAt,
            UpdateTime = job.UpdatedAt,
            FinishTime = job.FinishedAt,
            PauseTime = isPaused ? job.PausedAt : null,
            CancelReason = job.State == JobState.Cancelled ? job.CancelReason : null,
            Failure = job.Failure is { } failure ? UploadAnswers.Of(failure) : null,
            Gates = job.Gates,
            Warnings = job.Warnings,
            ResultSha256 = job.ResultSha256,
        };
    }

    public static ApiChunk Of(ChunkRow chunk) =>
        new()
        {
            Index = chunk.Index,
            Start = chunk.Start,
            End = chunk.End,
            State = chunk.State switch
            {
                ChunkState.Waiting => ChunkStep.Pending,
                ChunkState.Released => ChunkStep.Leased,
                ChunkState.Running => ChunkStep.Running,
                ChunkState.Fused => ChunkStep.Succeeded,
                _ => ChunkStep.Quarantined,
            },
            Attempt = chunk.Attempt,
            Worker = chunk.WorkerId,
            FramesDone = chunk.FramesDone,
            SegmentSha256 = chunk.SegmentSha256,
        };

    public static ApiAttempt Of(AttemptRow attempt) =>
        new()
        {
            Attempt = attempt.Attempt,
            Outcome = (AttemptEnding)attempt.Outcome,
            ReleaseTime = attempt.ReleasedAt,
            EndTime = attempt.EndedAt,
            Worker = attempt.WorkerId,
            Failure = attempt.Failure is { } failure ? UploadAnswers.Of(failure) : null,
        };
}
