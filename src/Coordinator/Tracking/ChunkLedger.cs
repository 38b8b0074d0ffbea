using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>
/// With <see cref="CommitLedger"/> the only writer of chunk states. Each change is a compare-and-set on (chunk, attempt, state) in one transaction with the
/// attempt's history; false or null means that the attempt is not the newest any more, and nothing has changed.
/// </summary>
public sealed partial class ChunkLedger(
    IDbContextFactory<JobsDbContext> contexts,
    CoordinatorOptions options,
    Incarnation incarnation,
    TimeProvider clock
)
{
    private static readonly IReadOnlyList<ChunkState> InFlight = [ChunkState.Released, ChunkState.Running];

    /// <summary>Many workers on one job tell of their frames; its row is not written more often than this because of that.</summary>
    private static readonly TimeSpan ShownEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Opens a new attempt at up to <paramref name="most"/> waiting chunks of a job, in <see cref="Dispatching.ReleaseOrder"/>; the chunks as they then are.
    /// </summary>
    public async Task<IReadOnlyList<ChunkRow>> ReleaseAsync(Guid jobId, int most, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        // Common to all of them: names hold the chunk and the attempt beside it.
        var delivery = Guid.NewGuid();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<int> costliest = await context
            .Chunks.Where(c => c.JobId == jobId && c.State == ChunkState.Waiting)
            .OrderByDescending(c => c.Cost)
            .ThenBy(c => c.Index)
            .Take(most)
            .Select(c => c.Index)
            .ToListAsync(cancellationToken);
        IQueryable<JobRow> open = context.Jobs.Where(j =>
            j.Id == jobId && j.State == JobState.Fusing && j.PausedAt == null && !j.IsParked
        );
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(cancellationToken);
        int changed = await context
            .Chunks.Where(c => c.JobId == jobId && costliest.Contains(c.Index) && c.State == ChunkState.Waiting)
            .Where(c => open.Any())
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, ChunkState.Released)
                        .SetProperty(c => c.Attempt, c => c.Attempt + 1)
                        .SetProperty(c => c.Delivery, delivery)
                        .SetProperty(c => c.Incarnation, incarnation.Id)
                        .SetProperty(c => c.ReleasedAt, now)
                        .SetProperty(c => c.LeaseUntil, now + options.Lease)
                        .SetProperty(c => c.WorkerId, (string?)null)
                        .SetProperty(c => c.FramesDone, 0),
                cancellationToken
            );

        // PostgreSQL, having waited for a chunk in other hands, sees the chunk as those left it, but the job as it was before. Whoever
        // puts a job's chunks back changes them before the job, so that once they are held here a second look is the last word.
        if (changed == 0 || !await open.AnyAsync(cancellationToken))
        {
            return [];
        }

        List<ChunkRow> released = await context
            .Chunks.AsNoTracking()
            .Where(c => c.JobId == jobId && costliest.Contains(c.Index) && c.Delivery == delivery)
            .ToListAsync(cancellationToken);
        context.Attempts.AddRange(
            released.Select(chunk => new AttemptRow
            {
                JobId = jobId,
                ChunkIndex = chunk.Index,
                Attempt = chunk.Attempt,
                Delivery = delivery,
                ReleasedAt = now,
            })
        );
        _ = await context.SaveChangesAsync(cancellationToken);
        await change.CommitAsync(cancellationToken);
        return [.. released.OrderBy(c => costliest.IndexOf(c.Index))];
    }

    /// <summary>A heartbeat: the lease runs anew. False: the worker should stop.</summary>
    public async Task<bool> RenewAsync(ChunkProgressed progress, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        int renewed = await Newest(context, progress.JobId, progress.ChunkIndex, progress.Attempt)
            .Where(c => context.Jobs.Any(j => j.Id == c.JobId && j.State == JobState.Fusing))
            // The same attempt in two hands (a message that came twice): the first one keeps it.
            .Where(c => c.WorkerId == null || c.WorkerId == progress.WorkerId)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(c => c.State, ChunkState.Running)
                        .SetProperty(c => c.WorkerId, progress.WorkerId)
                        .SetProperty(c => c.LeaseUntil, now + options.Lease)
                        .SetProperty(
                            c => c.FramesDone,
                            c => c.FramesDone > progress.FramesDone ? c.FramesDone : progress.FramesDone
                        ),
                cancellationToken
            );
        if (renewed == 1 && progress.FramesDone > 0)
        {
            _ = await context
                .Jobs.Where(j => j.Id == progress.JobId && j.State == JobState.Fusing)
                .Where(j => j.UpdatedAt <= now - ShownEvery)
                .TouchAsync(now, cancellationToken);
        }

        return renewed == 1;
    }

    /// <summary>The commit of one attempt: its segment becomes the chunk's, if it is still the newest.</summary>
    public Task<bool> AcceptAsync(ChunkFused fused, CancellationToken cancellationToken) =>
        EndAttemptAsync(
            new AttemptEnd(fused.JobId, fused.ChunkIndex, fused.Attempt, AttemptOutcome.Fused, fused.WorkerId, null),
            JobEventKind.ChunkSucceeded,
            InFlight,
            query =>
                query.ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(c => c.State, ChunkState.Fused)
                            .SetProperty(c => c.LeaseUntil, (DateTimeOffset?)null)
                            .SetProperty(c => c.WorkerId, fused.WorkerId)
                            .SetProperty(c => c.FramesDone, fused.Frames)
                            .SetProperty(c => c.SegmentBytes, fused.SegmentBytes)
                            .SetProperty(c => c.SegmentSha256, fused.SegmentSha256)
                            .SetProperty(c => c.HeaderSha256, fused.HeaderSha256)
                            .SetProperty(c => c.FramesHash, fused.FramesHash)
                            .SetProperty(c => c.Seconds, fused.Seconds)
                            .SetProperty(c => c.Analysed, fused.Analysed),
                    cancellationToken
                ),
            cancellationToken
        );

    /// <summary>Ends an attempt in flight and puts the chunk to <paramref name="next"/> (waiting or quarantined).</summary>
    public Task<bool> ReturnAsync(AttemptEnd end, ChunkState next, CancellationToken cancellationToken) =>
        ReturnFromAsync(end, InFlight, next, cancellationToken);

    /// <summary>Takes an accepted segment back: it is missing, changed, or does not fit the others.</summary>
    public Task<bool> RevokeAsync(AttemptEnd end, ChunkState next, CancellationToken cancellationToken) =>
        ReturnFromAsync(end, [ChunkState.Fused], next, cancellationToken);

    /// <summary>Every attempt at a chunk so far, oldest first.</summary>
    public async Task<IReadOnlyList<AttemptRow>> HistoryAsync(
        Guid jobId,
        int chunkIndex,
        CancellationToken cancellationToken
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Attempts.AsNoTracking()
            .Where(a => a.JobId == jobId && a.ChunkIndex == chunkIndex)
            .OrderBy(a => a.Attempt)
            .ToListAsync(cancellationToken);
    }

    public async Task<ChunkRow?> FindAsync(Guid jobId, int chunkIndex, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Chunks.AsNoTracking()
            .SingleOrDefaultAsync(c => c.JobId == jobId && c.Index == chunkIndex, cancellationToken);
    }

    /// <summary>The rows of the chunks that these words are about, by job and index; perhaps some more.</summary>
    public async Task<IReadOnlyDictionary<(Guid, int), ChunkRow>> FindAsync(
        IReadOnlyList<ChunkFused> words,
        CancellationToken cancellationToken
    )
    {
        HashSet<Guid> jobs = [.. words.Select(fused => fused.JobId)];
        HashSet<int> indexes = [.. words.Select(fused => fused.ChunkIndex)];
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Chunks.AsNoTracking()
            .Where(c => jobs.Contains(c.JobId) && indexes.Contains(c.Index) && c.State != ChunkState.Fused)
            .ToDictionaryAsync(c => (c.JobId, c.Index), cancellationToken);
    }

    /// <summary>Every chunk of the job has an accepted segment.</summary>
    public async Task<bool> AreAllFusedAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return !await context.Chunks.AnyAsync(c => c.JobId == jobId && c.State != ChunkState.Fused, cancellationToken);
    }

    public async Task<IReadOnlyList<ChunkRow>> ListAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Chunks.AsNoTracking()
            .Where(c => c.JobId == jobId)
            .OrderBy(c => c.Index)
            .ToListAsync(cancellationToken);
    }

    private Task<bool> ReturnFromAsync(
        AttemptEnd end,
        IReadOnlyList<ChunkState> from,
        ChunkState next,
        CancellationToken cancellationToken
    ) =>
        EndAttemptAsync(
            end,
            next == ChunkState.Quarantined ? JobEventKind.ChunkQuarantined
                : end.Outcome is AttemptOutcome.Voided or AttemptOutcome.Unheard ? JobEventKind.ChunkReturned
                : JobEventKind.ChunkFailed,
            from,
            query =>
                query.ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(c => c.State, next)
                            .SetProperty(c => c.LeaseUntil, (DateTimeOffset?)null)
                            .SetProperty(c => c.WorkerId, (string?)null)
                            .SetProperty(c => c.FramesDone, 0),
                    cancellationToken
                ),
            cancellationToken
        );

    private async Task<bool> EndAttemptAsync(
        AttemptEnd end,
        JobEventKind kind,
        IReadOnlyList<ChunkState> from,
        Func<IQueryable<ChunkRow>, Task<int>> changeChunk,
        CancellationToken cancellationToken
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(cancellationToken);
        IReadOnlyList<JobState> terminal = JobStates.Terminal;
        IQueryable<ChunkRow> newest = Newest(context, end.JobId, end.ChunkIndex, end.Attempt, from)
            .Where(c => context.Jobs.Any(j => j.Id == c.JobId && !terminal.Contains(j.State)));
        if (await changeChunk(newest) != 1)
        {
            return false;
        }

        DateTimeOffset now = clock.GetUtcNow();
        _ = await context.Jobs.Where(j => j.Id == end.JobId).TouchAsync(now, cancellationToken);
        _ = await context
            .Attempts.Where(a => a.JobId == end.JobId && a.ChunkIndex == end.ChunkIndex && a.Attempt == end.Attempt)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(a => a.Outcome, end.Outcome)
                        .SetProperty(a => a.EndedAt, now)
                        .SetProperty(a => a.WorkerId, a => end.WorkerId ?? a.WorkerId)
                        .SetProperty(a => a.Failure, end.Failure),
                cancellationToken
            );
        JobEventRow told = new()
        {
            JobId = end.JobId,
            At = now,
            Kind = kind,
            ChunkIndex = end.ChunkIndex,
            Attempt = end.Attempt,
            WorkerId = end.WorkerId,
            Code = end.Failure?.Code,
        };
        await context.AddEventsAsync([told], cancellationToken);
        _ = await context.SaveChangesAsync(cancellationToken);
        await change.CommitAsync(cancellationToken);
        return true;
    }

    private static IQueryable<ChunkRow> Newest(
        JobsDbContext context,
        Guid jobId,
        int chunkIndex,
        int attempt,
        IReadOnlyList<ChunkState>? states = null
    )
    {
        IReadOnlyList<ChunkState> from = states ?? InFlight;
        return context.Chunks.Where(c =>
            c.JobId == jobId && c.Index == chunkIndex && c.Attempt == attempt && from.Contains(c.State)
        );
    }
}
