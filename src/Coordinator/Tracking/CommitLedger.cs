using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>
/// The commit of many attempts, of any jobs, in one transaction: what a commit costs is rounds to the database and its flush to the
/// disk, and a batch pays them once. Each chunk is still a compare-and-set of its own.
/// </summary>
public sealed class CommitLedger(IDbContextFactory<JobsDbContext> contexts, ChunkLedger chunks, TimeProvider clock)
{
    /// <summary>
    /// Makes the attempts' segments the chunks'; returns those that were taken. The others are not the newest attempts any more, or
    /// their jobs have ended, and nothing of them has changed.
    /// </summary>
    public async Task<IReadOnlyList<ChunkFused>> AcceptAsync(
        IReadOnlyList<ChunkFused> all,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await AcceptTogetherAsync(all, cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // A chunk was taken back between the look and the write. Rare, so now each goes by itself.
            List<ChunkFused> accepted = [];
            foreach (ChunkFused fused in all)
            {
                if (await chunks.AcceptAsync(fused, cancellationToken))
                {
                    accepted.Add(fused);
                }
            }

            return accepted;
        }
    }

    private async Task<IReadOnlyList<ChunkFused>> AcceptTogetherAsync(
        IReadOnlyList<ChunkFused> all,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(cancellationToken);
        HashSet<Guid> open = await LockOpenJobsAsync(context, all, now, cancellationToken);
        Dictionary<(Guid, int), ChunkRow> rows = await FindInFlightAsync(context, all, cancellationToken);
        List<ChunkFused> accepted = [];
        foreach (ChunkFused fused in all)
        {
            if (
                open.Contains(fused.JobId)
                && rows.Remove((fused.JobId, fused.ChunkIndex), out ChunkRow? chunk)
                && chunk.Attempt == fused.Attempt
            )
            {
                Take(chunk, fused);
                End(context, fused, now);
                accepted.Add(fused);
            }
        }

        await context.AddEventsAsync([.. accepted.Select(fused => EventOf(fused, now))], cancellationToken);
        _ = await context.SaveChangesAsync(cancellationToken);
        await change.CommitAsync(cancellationToken);
        return accepted;
    }

    /// <summary>Gives the jobs a new version; a job cannot end before the transaction does.</summary>
    private static async Task<HashSet<Guid>> LockOpenJobsAsync(
        JobsDbContext context,
        IReadOnlyList<ChunkFused> all,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<JobState> terminal = JobStates.Terminal;
        HashSet<Guid> ids = [.. all.Select(fused => fused.JobId)];
        IQueryable<JobRow> open = context.Jobs.Where(j => ids.Contains(j.Id) && !terminal.Contains(j.State));
        return await open.TouchAsync(now, cancellationToken) == ids.Count
            ? ids
            : [.. await open.Select(j => j.Id).ToListAsync(cancellationToken)];
    }

    private static Task<Dictionary<(Guid, int), ChunkRow>> FindInFlightAsync(
        JobsDbContext context,
        IReadOnlyList<ChunkFused> all,
        CancellationToken cancellationToken
    )
    {
        HashSet<Guid> jobs = [.. all.Select(fused => fused.JobId)];
        HashSet<int> indexes = [.. all.Select(fused => fused.ChunkIndex)];
        return context
            .Chunks.Where(c => jobs.Contains(c.JobId) && indexes.Contains(c.Index))
            .Where(c => c.State == ChunkState.Released || c.State == ChunkState.Running)
            .ToDictionaryAsync(c => (c.JobId, c.Index), cancellationToken);
    }

    private static void Take(ChunkRow chunk, ChunkFused fused)
    {
        chunk.State = ChunkState.Fused;
        chunk.LeaseUntil = null;
        chunk.WorkerId = fused.WorkerId;
        chunk.FramesDone = fused.Frames;
        chunk.SegmentBytes = fused.SegmentBytes;
        chunk.SegmentSha256 = fused.SegmentSha256;
        chunk.HeaderSha256 = fused.HeaderSha256;
        chunk.FramesHash = fused.FramesHash;
        chunk.Seconds = fused.Seconds;
        chunk.Analysed = fused.Analysed;
    }

    private static JobEventRow EventOf(ChunkFused fused, DateTimeOffset now) =>
        new()
        {
            JobId = fused.JobId,
            At = now,
            Kind = JobEventKind.ChunkSucceeded,
            ChunkIndex = fused.ChunkIndex,
            Attempt = fused.Attempt,
            WorkerId = fused.WorkerId,
        };

    /// <summary>The attempt's row is there since its release: it is changed without being read.</summary>
    private static void End(JobsDbContext context, ChunkFused fused, DateTimeOffset now)
    {
        AttemptRow attempt = new()
        {
            JobId = fused.JobId,
            ChunkIndex = fused.ChunkIndex,
            Attempt = fused.Attempt,
        };
        _ = context.Attach(attempt);
        attempt.Outcome = AttemptOutcome.Fused;
        attempt.EndedAt = now;
        attempt.WorkerId = fused.WorkerId;
    }
}
