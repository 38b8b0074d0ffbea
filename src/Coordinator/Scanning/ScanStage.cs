using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Scanning;

/// <summary>What the Coordinator makes of the workers' words on scans.</summary>
public sealed partial class ScanStage(
    JobLedger jobs,
    JobEnding ending,
    StageStarter stages,
    ScanBlobs blobs,
    IDbContextFactory<JobsDbContext> contexts,
    IBus bus,
    ILogger<ScanStage> logger
)
{
    private const int FailuresAllowed = 3;

    public async Task ProgressedAsync(ScanProgressed progress, CancellationToken cancellationToken)
    {
        if (
            !await jobs.RenewAsync(
                progress.JobId,
                JobState.Scanning,
                progress.Attempt,
                progress.FramesDone,
                cancellationToken
            )
        )
        {
            await bus.Publish(
                new AttemptVoided(progress.JobId, AttemptVoided.Scan, progress.Attempt, progress.WorkerId),
                cancellationToken
            );
        }
    }

    public async Task ScannedAsync(VideoScanned scanned, CancellationToken cancellationToken)
    {
        JobRow? job = await jobs.FindAsync(scanned.JobId, cancellationToken);
        if (job?.State != JobState.Scanning || job.Attempt != scanned.Attempt)
        {
            return;
        }

        ScanResult? scan = await blobs.ReadAsync(BlobNames.Scan(job.Id, job.Attempt, job.Delivery), cancellationToken);
        if (scan is null)
        {
            Failure missing = new(
                FailureKind.StorageFault,
                "scan-missing",
                "A scan was reported and its result is not in the store.",
                true
            );
            await ending.StageFailedAsync(job, missing, FailuresAllowed, cancellationToken);
            return;
        }

        await WeighAsync(job.Id, scan, cancellationToken);
        bool isWhole = job.Kind == JobKind.Scan;
        bool moved = await jobs.CompleteStageAsync(
            job.Id,
            JobState.Scanning,
            job.Attempt,
            isWhole ? JobState.Succeeded : JobState.Gating,
            set =>
                set.SetProperty(j => j.ScanBlob, BlobNames.Scan(job.Id, job.Attempt, job.Delivery).Value)
                    .SetProperty(j => j.SheetBlob, BlobNames.Sheet(job.Id, job.Attempt, job.Delivery).Value)
                    .SetProperty(j => j.PipelineKey, scanned.PipelineKey)
                    .SetProperty(j => j.Build, scanned.Build)
                    .SetProperty(j => j.AnalysisKey, scanned.AnalysisKey)
                    .SetProperty(j => j.Models, scanned.Models)
                    .SetProperty(j => j.StageMilliseconds, job.StageMillisecondsWith("scan", scanned.CpuMilliseconds))
                    .SetProperty(j => j.Warnings, [.. job.Warnings.Union(scan.Warnings)]),
            cancellationToken
        );
        if (moved && !isWhole)
        {
            await stages.StartAsync(job.Id, cancellationToken);
        }
    }

    public async Task FailedAsync(ScanFailed failed, CancellationToken cancellationToken)
    {
        JobRow? job = await jobs.FindAsync(failed.JobId, cancellationToken);
        if (job?.State != JobState.Scanning || job.Attempt != failed.Attempt)
        {
            return;
        }

        bool isMended =
            failed.Failure.Code == Failure.FramesDiffer
            && !job.DistrustsPackets
            && await PrepareAgainAsync(job, cancellationToken);
        if (!isMended)
        {
            await ending.StageFailedAsync(job, failed.Failure, FailuresAllowed, cancellationToken);
        }
    }

    /// <summary>
    /// The packets promised other frames than a decoder gives: back to preparing, which then believes the decoder alone. False: chunks
    /// have been tried with this frame table, so that it must stay.
    /// </summary>
    private async Task<bool> PrepareAgainAsync(JobRow job, CancellationToken cancellationToken)
    {
        await using (JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await context.Attempts.AnyAsync(a => a.JobId == job.Id, cancellationToken))
            {
                return false;
            }
        }

        if (
            await jobs.CompleteStageAsync(
                job.Id,
                JobState.Scanning,
                job.Attempt,
                JobState.Preparing,
                set =>
                    set.SetProperty(j => j.DistrustsPackets, true)
                        .SetProperty(j => j.FrameTableBlob, (string?)null)
                        .SetProperty(j => j.ScanFramesDone, 0),
                cancellationToken,
                Failure.FramesDiffer
            )
        )
        {
            LogPreparedAgain(job.Id);
            await stages.StartAsync(job.Id, cancellationToken);
        }

        return true;
    }

    /// <summary>Expected work of each chunk: its frames, and once more for every person seen around them.</summary>
    private async Task WeighAsync(Guid jobId, ScanResult scan, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<ChunkRow> chunks = await context.Chunks.Where(c => c.JobId == jobId).ToListAsync(cancellationToken);
        foreach (ChunkRow chunk in chunks)
        {
            int seen = scan.People.Count(p => p.Seen.Start < chunk.End && p.Seen.End > chunk.Start);
            chunk.Cost = chunk.Range.Length * (1 + seen);
        }

        _ = await context.SaveChangesAsync(cancellationToken);
    }

    [LoggerMessage(
        EventIds.PreparedAgain,
        LogLevel.Warning,
        "Job {JobId} is prepared again: its target's packets promised other frames than the scan's decoder gave"
    )]
    private partial void LogPreparedAgain(Guid jobId);
}
