using FaceFusion.Batch.Contracts.Values;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>
/// The only writer of job states. Every method is one UPDATE that names what it starts from, with the event that tells of it
/// where the state changes; false (or null) means that somebody else was there first, which is never an error.
/// </summary>
public sealed class JobLedger(
    IDbContextFactory<JobsDbContext> contexts,
    CoordinatorOptions options,
    Incarnation incarnation,
    EndSignal ends,
    TimeProvider clock
)
{
    public async Task<JobRow?> FindAsync(Guid jobId, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == jobId, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<Guid, JobRow>> FindAsync(
        IReadOnlyList<Guid> jobIds,
        CancellationToken cancellationToken
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Jobs.AsNoTracking()
            .Where(j => jobIds.Contains(j.Id))
            .ToDictionaryAsync(j => j.Id, cancellationToken);
    }

    /// <summary>Starts the stage that the job owes, or starts it again: a new attempt and a new lease. Null: somebody else did.</summary>
    public async Task<JobRow?> StartStageAsync(JobRow seen, CancellationToken cancellationToken)
    {
        JobState state = seen.State == JobState.Queued ? JobState.Preparing : seen.State;
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(cancellationToken);
        int changed = await context
            .Jobs.Where(j => j.Id == seen.Id && j.State == seen.State && j.Attempt == seen.Attempt)
            .ChangeAsync(
                clock.GetUtcNow(),
                set =>
                    set.SetProperty(j => j.State, state)
                        .SetProperty(j => j.Attempt, seen.Attempt + 1)
                        .SetProperty(j => j.Delivery, Guid.NewGuid())
                        .SetProperty(j => j.LeaseUntil, clock.GetUtcNow() + options.Lease)
                        .SetProperty(j => j.LeaseOwner, (string?)null)
                        .SetProperty(j => j.Incarnation, incarnation.Id),
                cancellationToken
            );
        if (changed == 0)
        {
            return null;
        }

        if (state != seen.State)
        {
            await context.TellStateAsync(seen.Id, seen.State, state, null, clock.GetUtcNow(), cancellationToken);
        }

        await change.CommitAsync(cancellationToken);
        return await FindAsync(seen.Id, cancellationToken);
    }

    /// <summary>Takes an attempt at a stage; a message that came twice takes it once.</summary>
    public async Task<bool> ClaimAsync(Guid jobId, JobState state, int attempt, string owner, CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return 1
            == await Newest(context, jobId, state, attempt)
                .Where(j => j.LeaseOwner == null)
                .ChangeAsync(
                    clock.GetUtcNow(),
                    set =>
                        set.SetProperty(j => j.LeaseOwner, owner)
                            .SetProperty(j => j.LeaseUntil, clock.GetUtcNow() + options.Lease),
                    stop
                );
    }

    /// <summary>The heartbeat of a stage. False: the attempt is void, or the job has ended.</summary>
    public async Task<bool> RenewAsync(
        Guid jobId,
        JobState state,
        int attempt,
        int scanFramesDone,
        CancellationToken cancellationToken
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return 1
            == await Newest(context, jobId, state, attempt)
                .RenewAsync(clock.GetUtcNow(), options.Lease, scanFramesDone, cancellationToken);
    }

    /// <summary>
    /// Moves the job on to <paramref name="next"/>, where its stage is owed, together with what the stage found; or to an end, of which
    /// <paramref name="code"/> is the cause.
    /// </summary>
    public async Task<bool> CompleteStageAsync(
        Guid jobId,
        JobState state,
        int attempt,
        JobState next,
        Action<UpdateSettersBuilder<JobRow>> found,
        CancellationToken cancellationToken,
        string? code = null
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(cancellationToken);
        if (!await CompleteStageAsync(context, jobId, state, attempt, next, found, cancellationToken, code))
        {
            return false;
        }

        await change.CommitAsync(cancellationToken);
        if (next.IsTerminal())
        {
            ends.Set();
        }

        return true;
    }

    /// <summary>The same inside a transaction of the caller.</summary>
    public async Task<bool> CompleteStageAsync(
        JobsDbContext context,
        Guid jobId,
        JobState state,
        int attempt,
        JobState next,
        Action<UpdateSettersBuilder<JobRow>> found,
        CancellationToken cancellationToken,
        string? code = null
    )
    {
        DateTimeOffset now = clock.GetUtcNow();
        int changed = await Newest(context, jobId, state, attempt)
            .ChangeAsync(
                now,
                set =>
                {
                    _ = set.SetProperty(j => j.State, next)
                        .SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null)
                        .SetProperty(j => j.LeaseOwner, (string?)null)
                        .SetProperty(j => j.StageFailures, 0)
                        .SetProperty(j => j.FinishedAt, next.IsTerminal() ? now : null);
                    found(set);
                },
                cancellationToken
            );
        if (changed == 0)
        {
            return false;
        }

        await context.TellStateAsync(jobId, state, next, code, now, cancellationToken);
        return true;
    }

    /// <summary>Gives a failed stage back, to be tried again.</summary>
    public async Task<bool> ReturnStageAsync(
        Guid jobId,
        JobState state,
        int attempt,
        int failures,
        CancellationToken cancellationToken
    )
    {
        // A worker that fails at once would take the stage again at once; others, or time, are given a chance.
        DateTimeOffset? notBefore =
            options.IsEmbedded || failures == 0
                ? null
                : clock.GetUtcNow() + (options.Heartbeat * Math.Min(8, 1 << (failures - 1)));
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return 1
            == await Newest(context, jobId, state, attempt)
                .ChangeAsync(
                    clock.GetUtcNow(),
                    set =>
                        set.SetProperty(j => j.StageFailures, failures)
                            .SetProperty(j => j.LeaseUntil, notBefore)
                            .SetProperty(j => j.LeaseOwner, (string?)null)
                            .SetProperty(j => j.Publishing, false),
                    cancellationToken
                );
    }

    /// <summary>From here on the job cannot be cancelled. False: it was.</summary>
    public async Task<bool> BeginPublishingAsync(Guid jobId, int attempt, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return 1
            == await Newest(context, jobId, JobState.Assembling, attempt)
                .ChangeAsync(clock.GetUtcNow(), set => set.SetProperty(j => j.Publishing, true), cancellationToken);
    }

    /// <summary>Ends the job from wherever it stands. False: it has ended already, or its result is being published.</summary>
    public async Task<bool> EndAsync(Guid jobId, JobState end, Failure? failure, CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<JobState> terminal = JobStates.Terminal;
        int changed = await context
            .Jobs.Where(j => j.Id == jobId && !terminal.Contains(j.State) && !j.Publishing)
            .ChangeAsync(
                now,
                set =>
                    set.SetProperty(j => j.State, end)
                        .SetProperty(j => j.Failure, failure)
                        .SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null)
                        .SetProperty(j => j.LeaseOwner, (string?)null)
                        .SetProperty(j => j.FinishedAt, now),
                cancellationToken
            );
        if (changed == 0)
        {
            return false;
        }

        await context.TellStateAsync(jobId, null, end, failure?.Code, now, cancellationToken);
        await change.CommitAsync(cancellationToken);
        ends.Set();
        return true;
    }

    private static IQueryable<JobRow> Newest(JobsDbContext context, Guid jobId, JobState state, int attempt) =>
        context.Jobs.Where(j => j.Id == jobId && j.State == state && j.Attempt == attempt);
}
