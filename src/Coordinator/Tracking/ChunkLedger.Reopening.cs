using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>A job's chunks from the beginning.</summary>
public sealed partial class ChunkLedger
{
    /// <summary>Every chunk of a job waits as if nothing of it had been fused; what is in hand, and what was accepted, is void.</summary>
    /// <param name="context">In a transaction that takes the job out of fusion.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="cause">Why.</param>
    /// <param name="cancellationToken">Nothing has changed.</param>
    public async Task ReopenAllAsync(
        JobsDbContext context,
        Guid jobId,
        Failure cause,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset now = clock.GetUtcNow();
        _ = await context
            .Chunks.Where(c => c.JobId == jobId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, ChunkState.Waiting)
                        .SetProperty(c => c.LeaseUntil, (DateTimeOffset?)null)
                        .SetProperty(c => c.WorkerId, (string?)null)
                        .SetProperty(c => c.FramesDone, 0)
                        .SetProperty(c => c.SegmentSha256, (string?)null)
                        .SetProperty(c => c.HeaderSha256, (string?)null)
                        .SetProperty(c => c.FramesHash, (string?)null),
                cancellationToken
            );
        _ = await context
            .Attempts.Where(a => a.JobId == jobId && a.Outcome != AttemptOutcome.Voided)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(a => a.Outcome, AttemptOutcome.Voided)
                        .SetProperty(a => a.EndedAt, a => a.EndedAt ?? now)
                        .SetProperty(a => a.Failure, cause),
                cancellationToken
            );
    }
}
