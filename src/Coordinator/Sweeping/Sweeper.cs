using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Assembling;
using FaceFusion.Batch.Coordinator.Batches;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Replaying;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Sweeping;

/// <summary>
/// Reads from the rows what is owed and sees to it: stages that nobody holds, attempts that nobody speaks for, moves that were
/// cut short by a crash. Run at any moment and any number of times it changes nothing that is well.
/// </summary>
public sealed class Sweeper(
    IDbContextFactory<JobsDbContext> contexts,
    BatchSweep batches,
    StageWindow window,
    StageStarter stages,
    FusionStage fusion,
    ChunkLedger chunks,
    JobEnding ending,
    LiveWorkers workers,
    Builds builds,
    ReplayStage replays,
    OrphanCollector orphans,
    WakeSignal wake,
    CoordinatorOptions options,
    TimeProvider clock
)
{
    /// <summary>Of what may be very many, this many each time.</summary>
    private const int AtATime = 64;

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await batches.SweepAsync(cancellationToken);
        foreach (Guid jobId in await window.FindOwedAsync(cancellationToken))
        {
            await stages.StartAsync(jobId, isItsTurn: true, cancellationToken);
        }

        foreach (AttemptEnd end in await FindSilentAttemptsAsync(cancellationToken))
        {
            await fusion.EndAsync(end, cancellationToken);
        }

        foreach (ChunkRow chunk in await FindStrandedQuarantinesAsync(cancellationToken))
        {
            await FailForAsync(chunk, cancellationToken);
        }

        foreach (Guid jobId in await builds.BeginAnewAsync(cancellationToken))
        {
            await stages.StartAsync(jobId, cancellationToken);
        }

        foreach (Guid jobId in await FindAllFusedAsync(cancellationToken))
        {
            await fusion.FinishAsync(jobId, cancellationToken);
        }

        await replays.SweepAsync(cancellationToken);
        await CollectOrphansAsync(cancellationToken);
        wake.Set();
    }

    private async Task<List<AttemptEnd>> FindSilentAttemptsAsync(CancellationToken cancellationToken)
    {
        // In the words of the database what SilenceRule says.
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset queuedBefore = now - options.QueueLease;
        // An idle slot would have taken a released chunk long ago, had its message arrived.
        bool anyIdle = (await workers.CountAsync(cancellationToken)).AnyIdle;
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<ChunkRow> silent = await context
            .Chunks.AsNoTracking()
            .Where(c => c.LeaseUntil < now && (c.State == ChunkState.Released || c.State == ChunkState.Running))
            .Where(c =>
                c.State == ChunkState.Running
                || (c.State == ChunkState.Released && (anyIdle || c.ReleasedAt < queuedBefore))
            )
            .Where(c => context.Jobs.Any(j => j.Id == c.JobId && j.State == JobState.Fusing))
            .ToListAsync(cancellationToken);
        return
        [
            .. silent.Select(c => new AttemptEnd(
                c.JobId,
                c.Index,
                c.Attempt,
                SilenceRule.OutcomeOf(c.State),
                c.WorkerId,
                null
            )),
        ];
    }

    private async Task<List<ChunkRow>> FindStrandedQuarantinesAsync(CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Chunks.AsNoTracking()
            .Where(c => c.State != ChunkState.Fused && c.State == ChunkState.Quarantined)
            .Where(c => context.Jobs.Any(j => j.Id == c.JobId && j.State == JobState.Fusing))
            .ToListAsync(cancellationToken);
    }

    private async Task FailForAsync(ChunkRow chunk, CancellationToken cancellationToken)
    {
        IReadOnlyList<AttemptRow> history = await chunks.HistoryAsync(chunk.JobId, chunk.Index, cancellationToken);
        AttemptRow? last = history.Count > 0 ? history[^1] : null;
        AttemptEnd end = new(
            chunk.JobId,
            chunk.Index,
            chunk.Attempt,
            last?.Outcome ?? AttemptOutcome.Lost,
            last?.WorkerId,
            last?.Failure
        );
        Failure cause = QuarantineRule.CauseOf(chunk, end);
        _ = await ending.EndAsync(chunk.JobId, JobState.Failed, cause, cancellationToken);
    }

    /// <summary>Once per job, when a lease has passed since its end and no worker can still be storing something.</summary>
    private async Task CollectOrphansAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<JobState> terminal = JobStates.Terminal;
        DateTimeOffset before = clock.GetUtcNow() - options.Lease;
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<Guid> ended = await context
            .Jobs.Where(j => !j.IsCollected && j.FinishedAt < before && terminal.Contains(j.State))
            .OrderBy(j => j.FinishedAt)
            .Select(j => j.Id)
            .Take(AtATime)
            .ToListAsync(cancellationToken);
        foreach (Guid jobId in ended)
        {
            _ = await orphans.CollectAsync(jobId, cancellationToken);
            _ = await context
                .Jobs.Where(j => j.Id == jobId && terminal.Contains(j.State))
                .ChangeAsync(clock.GetUtcNow(), set => set.SetProperty(j => j.IsCollected, true), cancellationToken);
        }
    }

    private async Task<List<Guid>> FindAllFusedAsync(CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Jobs.Where(j => j.State == JobState.Fusing)
            .Where(j => !context.Chunks.Any(c => c.JobId == j.Id && c.State != ChunkState.Fused))
            .Select(j => j.Id)
            .ToListAsync(cancellationToken);
    }
}
