using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>Enters jobs into the database and reads them for users.</summary>
public sealed class JobBook(IDbContextFactory<JobsDbContext> contexts, TimeProvider clock)
{
    /// <summary>Makes the job's row, or takes up the one that is there. The job's id.</summary>
    public async Task<Guid> EnterAsync(
        JobRequest request,
        string? output,
        string targetSha256,
        IReadOnlyList<StoredSource> sources,
        CancellationToken cancellationToken
    )
    {
        Guid jobId =
            request.JobId ?? JobIds.Of(request.Kind, targetSha256, sources, request.Recipe, request.ChunkFrames);
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(cancellationToken);
        JobRow? known = await context.Jobs.SingleOrDefaultAsync(j => j.Id == jobId, cancellationToken);
        if (known is null)
        {
            JobDraft draft = new()
            {
                Id = jobId,
                TenantId = Tenants.Local,
                Kind = request.Kind,
                Priority = request.Priority,
                TargetLabel = Path.GetFileName(request.Target),
                TargetSha256 = targetSha256,
                OutputPath = output,
                Recipe = request.Recipe,
                Sources = sources,
                ChunkFrames = request.ChunkFrames,
                Usage = request.Usage,
            };
            await AddAsync(context, draft, now, cancellationToken);
        }
        else
        {
            known.IsParked = false;
            known.UpdatedAt = now;
            known.Priority = request.Priority;
            if (known.Usage != request.Usage)
            {
                // What was judged is not what is asked for now.
                known.Usage = request.Usage;
                known.Gates = [];
            }

            await TakeUpAsync(context, known, output, now, cancellationToken);
        }

        await change.CommitAsync(cancellationToken);
        return jobId;
    }

    /// <summary>Makes the job's row. False: one with its id is there already, and stays as it is.</summary>
    public async Task<bool> EnterAsync(JobDraft draft, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Jobs.AnyAsync(j => j.Id == draft.Id, cancellationToken))
        {
            return false;
        }

        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(cancellationToken);
        try
        {
            await AddAsync(context, draft, clock.GetUtcNow(), cancellationToken);
            await change.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            await change.RollbackAsync(CancellationToken.None);
            // The same request at another Coordinator, between the look and the write; anything else stays what it is.
            if (await context.Jobs.AnyAsync(j => j.Id == draft.Id, cancellationToken))
            {
                return false;
            }

            throw;
        }
    }

    /// <summary>Takes a job that failed or was cancelled up again from its finished chunks. False: it is neither.</summary>
    public async Task<bool> RetryAsync(Guid jobId, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(cancellationToken);
        JobRow? job = await context.Jobs.SingleOrDefaultAsync(j => j.Id == jobId, cancellationToken);
        if (job is not { State: JobState.Failed or JobState.Cancelled })
        {
            return false;
        }

        if (job.BatchId is { } batchId)
        {
            // It is not over any more. Its end is found under a lock of its row: first the row, then whether its jobs are over. While
            // it takes up its jobs itself it does not end, and they need not wait for each other.
            _ = await context
                .Batches.Where(b => b.Id == batchId && b.State != BatchState.Retrying)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(b => b.FinishedAt, (DateTimeOffset?)null)
                            .SetProperty(
                                b => b.State,
                                b => BatchRow.Over.Contains(b.State) ? BatchState.Running : b.State
                            ),
                    cancellationToken
                );
        }

        job.UpdatedAt = now;
        job.CancelReason = null;
        job.PausedAt = null;
        await TakeUpAsync(context, job, job.OutputPath, now, cancellationToken);
        await change.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<JobStatus?> ReadStatusAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        if (
            await context.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == jobId, cancellationToken) is not { } job
        )
        {
            return null;
        }

        var chunks = await context
            .Chunks.Where(c => c.JobId == jobId)
            .Select(c => new
            {
                c.State,
                c.FramesDone,
                Length = c.End - c.Start,
            })
            .ToListAsync(cancellationToken);
        int done = chunks.Sum(c => c.State == ChunkState.Fused ? c.Length : Math.Min(c.FramesDone, c.Length));
        return new JobStatus
        {
            JobId = jobId,
            Kind = job.Kind,
            State = job.State,
            FramesDone = done,
            FramesTotal = job.FrameCount,
            ScanFramesDone = job.ScanFramesDone,
            ChunksDone = chunks.Count(c => c.State == ChunkState.Fused),
            ChunksTotal = chunks.Count,
            FramesPerSecond = SpeedOf(job, done),
            Failure = job.Failure,
            Warnings = job.Warnings,
            ResultSha256 = job.ResultSha256,
        };
    }

    public async Task<JobRow?> FindAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == jobId, cancellationToken);
    }

    public async Task<IReadOnlyList<ChunkRow>> ListChunksAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Chunks.AsNoTracking()
            .Where(c => c.JobId == jobId)
            .OrderBy(c => c.Index)
            .ToListAsync(cancellationToken);
    }

    private double SpeedOf(JobRow job, int done)
    {
        if (job.FusingSince is not { } since)
        {
            return 0;
        }

        double seconds = ((job.FinishedAt ?? clock.GetUtcNow()) - since).TotalSeconds;
        return seconds > 0 ? Math.Max(0, done - job.FramesAtFusingStart) / seconds : 0;
    }

    private static async Task AddAsync(
        JobsDbContext context,
        JobDraft draft,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        _ = context.Jobs.Add(draft.ToRow(now));
        _ = await context.SaveChangesAsync(cancellationToken);
        await context.TellStateAsync(draft.Id, null, JobState.Queued, null, now, cancellationToken);
    }

    /// <summary>Saves the job as it was changed, begun again if it has ended.</summary>
    private static async Task TakeUpAsync(
        JobsDbContext context,
        JobRow job,
        string? output,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        bool isMoved = output != job.OutputPath;
        job.OutputPath = output;
        bool isPublished = job.State == JobState.Succeeded && !isMoved && (output is null || File.Exists(output));
        if (!job.State.IsTerminal() || isPublished)
        {
            _ = await context.SaveChangesAsync(cancellationToken);
            return;
        }

        await ReopenChunksAsync(context, job.Id, cancellationToken);
        // The earliest stage whose product is missing; assembling finds out by itself what has to be fused again.
        job.State =
            job.FrameTableBlob is null ? JobState.Queued
            : job.ScanBlob is null ? JobState.Scanning
            : job.Kind == JobKind.Scan ? JobState.Succeeded
            : job.Gates.Count == 0 || job.State == JobState.Declined ? JobState.Gating
            : job.State == JobState.Succeeded ? JobState.Assembling
            : JobState.Fusing;
        job.Failure = null;
        job.FinishedAt = null;
        job.IsCollected = false;
        job.LeaseUntil = null;
        job.LeaseOwner = null;
        job.StageFailures = 0;
        job.Publishing = false;
        job.RunStartedAt = now;
        job.FusingSince = now;
        job.FramesAtFusingStart = await context
            .Chunks.Where(c => c.JobId == job.Id && c.State == ChunkState.Fused)
            .SumAsync(c => c.End - c.Start, cancellationToken);
        _ = await context.SaveChangesAsync(cancellationToken);
        await context.TellStateAsync(job.Id, null, job.State, null, now, cancellationToken);
    }

    /// <summary>What the run before left in flight or in quarantine waits again, and its failures count no more.</summary>
    private static async Task ReopenChunksAsync(JobsDbContext context, Guid jobId, CancellationToken cancellationToken)
    {
        _ = await context
            .Chunks.Where(c => c.JobId == jobId && c.State != ChunkState.Fused)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, ChunkState.Waiting)
                        .SetProperty(c => c.LeaseUntil, (DateTimeOffset?)null)
                        .SetProperty(c => c.WorkerId, (string?)null)
                        .SetProperty(c => c.FramesDone, 0),
                cancellationToken
            );
        _ = await context
            .Attempts.Where(a => a.JobId == jobId && a.Outcome != AttemptOutcome.Fused)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Outcome, AttemptOutcome.Voided), cancellationToken);
    }
}
