using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Assembling;
using FaceFusion.Batch.Coordinator.Gates;
using FaceFusion.Batch.Coordinator.Scanning;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Sweeping;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>What can be asked of the Coordinator: submit a job, watch it, cancel it, read what it made.</summary>
public sealed partial class Jobs(
    JobBook book,
    JobEnding ending,
    LicenceDesk licences,
    StageStarter stages,
    Intake intake,
    ScanBlobs scans,
    ResultReport reports,
    IBlobStore store,
    DatabaseTrouble trouble,
    EndSignal ends,
    TimeProvider clock,
    ILogger<Jobs> logger
)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Accepts a job. The same request again is the same job: it goes on where it stands, and one that failed or was cancelled
    /// is taken up again from its finished chunks.
    /// </summary>
    /// <exception cref="FusionException">The request cannot be met; nothing was accepted.</exception>
    public async Task<Guid> SubmitAsync(JobRequest request, CancellationToken cancellationToken)
    {
        RecipeRules.Check(request.Recipe);
        licences.Require(Tenants.Local, request.Usage, request.Recipe);
        string? output = request.Kind == JobKind.Fuse ? OutputPath.Check(request.Output) : null;
        try
        {
            string target = await intake.TakeTargetAsync(request.Target, request.TargetSha256, cancellationToken);
            List<StoredSource> sources = [];
            foreach (
                (string name, IReadOnlyList<string> photos) in request.Sources.OrderBy(
                    s => s.Key,
                    StringComparer.Ordinal
                )
            )
            {
                List<string> hashes = [];
                foreach (string photo in photos)
                {
                    hashes.Add(await intake.TakePhotoAsync(photo, cancellationToken));
                }

                sources.Add(new StoredSource(name, hashes));
            }

            Guid jobId = await book.EnterAsync(request, output, target, sources, cancellationToken);
            LogAccepted(jobId, request.Kind);
            await stages.StartAsync(jobId, cancellationToken);
            return jobId;
        }
        catch (BlobStoreException e)
        {
            throw Failures.ToException(e);
        }
        catch (Exception e) when (DatabaseTrouble.IsOfDatabase(e))
        {
            throw trouble.Explain(e);
        }
    }

    /// <summary>Accepts a job whose bytes are all in the store; one with its id that was accepted before stays as it is.</summary>
    /// <exception cref="FusionException">The recipe cannot be met; nothing was accepted.</exception>
    public async Task AcceptAsync(JobDraft draft, CancellationToken cancellationToken)
    {
        RecipeRules.Check(draft.Recipe);
        licences.Require(draft.TenantId, draft.Usage, draft.Recipe);
        if (await book.EnterAsync(draft, cancellationToken))
        {
            LogAccepted(draft.Id, draft.Kind);
            await stages.StartAsync(draft.Id, cancellationToken);
        }
    }

    /// <summary>Takes a failed or cancelled job up again from its finished chunks. False: it is neither.</summary>
    public async Task<bool> RetryAsync(Guid jobId, CancellationToken cancellationToken)
    {
        if (!await book.RetryAsync(jobId, cancellationToken))
        {
            return false;
        }

        await stages.StartAsync(jobId, cancellationToken);
        return true;
    }

    /// <summary>Null: there is no such job.</summary>
    public Task<JobStatus?> GetAsync(Guid jobId, CancellationToken cancellationToken) =>
        book.ReadStatusAsync(jobId, cancellationToken);

    /// <summary>Returns when the job has ended; <paramref name="onStatus"/> sees every look at it (about 10 a second).</summary>
    /// <exception cref="ArgumentException">There is no such job.</exception>
    /// <exception cref="StorageException"><c>disk-full</c>: the database cannot be written to, so the job cannot end by itself.</exception>
    public async Task<JobStatus> WaitAsync(Guid jobId, Action<JobStatus>? onStatus, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task end = ends.Next;
            JobStatus status =
                await book.ReadStatusAsync(jobId, cancellationToken)
                ?? throw new ArgumentException($"There is no job {jobId}.", nameof(jobId));
            onStatus?.Invoke(status);
            if (status.IsOver)
            {
                return status;
            }

            trouble.ThrowIfLasting();
            await Task.WhenAny(end, Task.Delay(LookEvery, clock, cancellationToken)).Unwrap();
        }
    }

    /// <summary>False: the job has ended already, or its result is being published. Afterwards nothing of it is published.</summary>
    public Task<bool> CancelAsync(Guid jobId, CancellationToken cancellationToken) =>
        ending.EndAsync(jobId, JobState.Cancelled, null, cancellationToken);

    /// <summary>Who is in the target; null until the job is scanned.</summary>
    public async Task<ScanOutcome?> ReadScanAsync(Guid jobId, CancellationToken cancellationToken)
    {
        JobRow? job = await book.FindAsync(jobId, cancellationToken);
        if (job is not { ScanBlob: not null, SheetBlob: not null, Format: not null })
        {
            return null;
        }

        ScanResult? scan = await scans.ReadAsync(BlobName.Parse(job.ScanBlob), cancellationToken);
        using MemoryStream sheet = new();
        BlobName sheetName = BlobName.Parse(job.SheetBlob);
        if (await store.FindLengthAsync(sheetName, cancellationToken) is not null)
        {
            await using Stream content = await store.OpenReadAsync(sheetName, cancellationToken);
            await content.CopyToAsync(sheet, cancellationToken);
        }

        return scan is null ? null : new ScanOutcome(scan, sheet.ToArray(), job.Format, job.FrameCount);
    }

    /// <summary>The report with the chunk reports behind it; null until the job has succeeded.</summary>
    public async Task<FinishedReport?> ReadReportAsync(Guid jobId, CancellationToken cancellationToken)
    {
        JobRow? job = await book.FindAsync(jobId, cancellationToken);
        if (job is not { State: JobState.Succeeded, ReportBlob: not null })
        {
            return null;
        }

        List<ChunkReport> chunks = [];
        foreach (ChunkRow chunk in await book.ListChunksAsync(jobId, cancellationToken))
        {
            chunks.Add(await reports.ReadAsync(ChunkBlobs.Report(chunk), cancellationToken));
        }

        JobReport report = await reports.ReadJobReportAsync(BlobName.Parse(job.ReportBlob), cancellationToken);
        return new FinishedReport(report, chunks);
    }

    [LoggerMessage(EventIds.JobAccepted, LogLevel.Information, "Job {JobId} accepted: {Kind}")]
    private partial void LogAccepted(Guid jobId, JobKind kind);
}
