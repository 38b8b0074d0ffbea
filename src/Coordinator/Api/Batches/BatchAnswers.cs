using System.Security.Cryptography;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Uploads;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Api.Batches;

/// <summary>Rows of batches as they are answered.</summary>
internal static class BatchAnswers
{
    public static BatchStep StepOf(BatchState state) =>
        state switch
        {
            BatchState.Reading => BatchStep.Reading,
            BatchState.Running or BatchState.Retrying => BatchStep.Running,
            BatchState.Cancelling => BatchStep.Cancelling,
            BatchState.Succeeded => BatchStep.Succeeded,
            BatchState.Failed => BatchStep.Failed,
            BatchState.Cancelled => BatchStep.Cancelled,
            _ => BatchStep.Refused,
        };

    /// <param name="batch">The row.</param>
    /// <param name="jobs">Its jobs, counted; null in lists.</param>
    /// <param name="faulty">The first of its rows with errors; null in lists.</param>
    public static ApiBatch Of(
        BatchRow batch,
        IReadOnlyDictionary<JobStep, int>? jobs,
        IReadOnlyList<BatchEntryRow>? faulty
    ) =>
        new()
        {
            Id = ApiIds.Write(ApiIds.Batch, batch.Id),
            State = StepOf(batch.State),
            Label = batch.Label,
            OnRowError = batch.OnRowError,
            ManifestUpload = batch.ManifestUploadId is { } upload ? ApiIds.Write(ApiIds.Upload, upload) : null,
            Rows = new ApiRowCounts(batch.Rows, batch.Submitted, batch.Reused, batch.Invalid) { Jobs = jobs },
            Errors = faulty is null ? null : [.. faulty.SelectMany(e => ErrorsOf(e.Line, e.Key, e.Faults))],
            CreateTime = batch.CreatedAt,
            FinishTime = batch.FinishedAt,
        };

    /// <param name="entry">The row.</param>
    /// <param name="job">Null: there is none, or none any more.</param>
    public static ApiBatchRow Of(BatchEntryRow entry, JobRow? job) =>
        new()
        {
            Line = entry.Line,
            Id = entry.Key,
            Job = entry.JobId is { } id ? ApiIds.Write(ApiIds.Job, id) : null,
            State =
                job is null ? null
                : job.PausedAt is not null && !job.State.IsTerminal() ? JobStep.Paused
                : JobAnswers.StepOf(job.State),
            Reused = entry.IsReused,
            Failure = job?.Failure is { } failure ? UploadAnswers.Of(failure) : null,
            Errors = entry.Faults.Count == 0 ? null : [.. ErrorsOf(entry.Line, entry.Key, entry.Faults)],
        };

    public static IEnumerable<ApiRowError> ErrorsOf(int line, string? key, IReadOnlyList<RowFault> faults) =>
        faults.Select(f => new ApiRowError(line, key, f.Pointer, f.Code, f.Detail));

    /// <summary>What is answered depends on many rows: its version is made of all of it.</summary>
    public static string TagOf(ApiBatch batch)
    {
        byte[] hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(batch, ApiJson.Answers));
        return $"\"{Convert.ToHexStringLower(hash.AsSpan(0, 12))}\"";
    }
}
