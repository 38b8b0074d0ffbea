using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>
/// A result is the work of one build of workers. While one of the build that a job was begun with is heard of, the job waits for it;
/// once it has left for good and another is there, that one does the job anew from the scan. Nothing of two builds comes together.
/// </summary>
public sealed partial class Builds(
    IDbContextFactory<JobsDbContext> contexts,
    JobLedger jobs,
    ChunkLedger chunks,
    CoordinatorOptions options,
    TimeProvider clock,
    ILogger<Builds> logger
)
{
    /// <summary>Of the event, and of the attempts that do not count any more.</summary>
    public const string Gone = "build-gone";

    /// <summary>Jobs at a time; the next look finds the others.</summary>
    private const int AtATime = 64;

    private static readonly Failure Cause = new(
        FailureKind.Cancelled,
        Gone,
        "No worker of the build that the job was begun with is left; another build does it anew.",
        true
    );

    private DateTimeOffset _nextLook;

    /// <summary>The worker is not of the build that the job was begun with, so that others may be.</summary>
    public async Task<bool> DiffersAsync(Guid jobId, string workerId, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        string? own = await context
            .Workers.Where(w => w.Id == workerId)
            .Select(w => w.Build)
            .SingleOrDefaultAsync(cancellationToken);
        string? begun = await context
            .Jobs.Where(j => j.Id == jobId)
            .Select(j => j.Build)
            .SingleOrDefaultAsync(cancellationToken);
        return own != begun;
    }

    /// <summary>
    /// Puts the jobs back before their scan whose build has left. It reads all jobs in fusion, so it does no more than one look in a lease.
    /// </summary>
    /// <returns>Jobs whose scan is owed.</returns>
    public async Task<IReadOnlyList<Guid>> BeginAnewAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (now < _nextLook)
        {
            return [];
        }

        List<Guid> begun = [];
        foreach (JobRow job in await FindLeftAsync(now, cancellationToken))
        {
            if (await BeginAnewAsync(job, cancellationToken))
            {
                LogBegunAnew(job.Id, options.BuildGrace.TotalSeconds);
                begun.Add(job.Id);
            }
        }

        _nextLook = now + options.Lease;
        return begun;
    }

    private async Task<List<JobRow>> FindLeftAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset since = now - options.BuildGrace;
        DateTimeOffset alive = now - options.Lease;
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        // Few, however many workers there are. A worker that is drained may be resumed, so its build has not left.
        var heard = await context
            .Workers.Where(w => w.LastSeen > since)
            .GroupBy(w => w.Build)
            .Select(g => new { g.Key, Takers = g.Count(w => w.Slots > 0 && !w.IsDraining && w.LastSeen > alive) })
            .ToListAsync(cancellationToken);
        if (!heard.Exists(b => b is { Key: not null, Takers: > 0 }))
        {
            return [];
        }

        List<string> present = [.. heard.Select(b => b.Key).OfType<string>()];
        bool isUnnamedPresent = heard.Exists(b => b.Key is null);
        return await OpenJobs
            .In(context)
            .AsNoTracking()
            .Where(j => j.Build == null ? !isUnnamedPresent : !present.Contains(j.Build))
            .Where(j => context.Chunks.Any(c => c.JobId == j.Id && c.State != ChunkState.Fused))
            .OrderBy(j => j.CreatedAt)
            .Take(AtATime)
            .ToListAsync(cancellationToken);
    }

    private async Task<bool> BeginAnewAsync(JobRow job, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(cancellationToken);
        // Chunks before the job, as whoever ends an attempt does, so that none waits for the other.
        await chunks.ReopenAllAsync(context, job.Id, Cause, cancellationToken);
        bool isMoved = await jobs.CompleteStageAsync(
            context,
            job.Id,
            JobState.Fusing,
            job.Attempt,
            JobState.Scanning,
            set =>
                set.SetProperty(j => j.Build, (string?)null)
                    .SetProperty(j => j.PipelineKey, (string?)null)
                    .SetProperty(j => j.AnalysisKey, (string?)null)
                    .SetProperty(j => j.ScanFramesDone, 0)
                    .SetProperty(j => j.FramesAtFusingStart, 0)
                    .SetProperty(j => j.Warnings, [.. job.Warnings.Append(Cause.Message).Distinct()]),
            cancellationToken,
            Gone
        );
        if (isMoved)
        {
            await change.CommitAsync(cancellationToken);
        }

        return isMoved;
    }

    [LoggerMessage(
        EventIds.BegunAnew,
        LogLevel.Warning,
        "Job {JobId} is done anew by another build: no worker of the one that it was begun with was heard of for {Seconds:F0} s"
    )]
    private partial void LogBegunAnew(Guid jobId, double seconds);
}
