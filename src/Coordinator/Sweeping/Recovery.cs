using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Assembling;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Disk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Sweeping;

/// <summary>
/// Before the first message: the tables are there, and where Coordinator and workers are one process, nothing that a dead
/// process held is held any longer.
/// </summary>
public sealed partial class Recovery(
    IDbContextFactory<JobsDbContext> contexts,
    IJobsDatabase database,
    ChunkLedger chunks,
    FusionStage fusion,
    SegmentCheck segments,
    IBlobStore store,
    Scratch scratch,
    Incarnation incarnation,
    CoordinatorOptions options,
    TimeProvider clock,
    ILogger<Recovery> logger
) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        await database.PrepareAsync(context, cancellationToken);
        await PrepareStoreAsync(cancellationToken);
        scratch.Sweep();
        if (!options.IsEmbedded)
        {
            return;
        }

        (store as DiskBlobStore)?.SweepIncoming();
        _ = await context.Workers.ExecuteDeleteAsync(cancellationToken);
        int voided = await VoidAttemptsAsync(context, cancellationToken);
        await VoidStagesAsync(context, cancellationToken);
        int broken = await RevokeBrokenAsync(context, cancellationToken);
        if (voided + broken > 0)
        {
            LogRecovered(voided, broken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task PrepareStoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.PrepareAsync(cancellationToken);
        }
        catch (BlobStoreException e)
        {
            throw Failures.ToException(e);
        }
    }

    private async Task<int> VoidAttemptsAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        List<ChunkRow> held = await context
            .Chunks.AsNoTracking()
            .Where(c => c.State == ChunkState.Released || c.State == ChunkState.Running)
            .Where(c => c.Incarnation != incarnation.Id)
            .ToListAsync(cancellationToken);
        foreach (ChunkRow chunk in held)
        {
            AttemptEnd end = new(chunk.JobId, chunk.Index, chunk.Attempt, AttemptOutcome.Voided, chunk.WorkerId, null);
            _ = await chunks.ReturnAsync(end, ChunkState.Waiting, cancellationToken);
        }

        return held.Count;
    }

    private async Task VoidStagesAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<JobState> terminal = JobStates.Terminal;
        IReadOnlyList<JobState> leased = JobStates.Leased;
        DateTimeOffset now = clock.GetUtcNow();
        IQueryable<JobRow> unfinished = context.Jobs.Where(j => !terminal.Contains(j.State));
        bool isParked = !options.ResumeAll;
        _ = await unfinished.ChangeAsync(
            now,
            set =>
                set.SetProperty(j => j.IsParked, isParked)
                    .SetProperty(j => j.RunStartedAt, now)
                    .SetProperty(j => j.FusingSince, now)
                    .SetProperty(
                        j => j.FramesAtFusingStart,
                        j =>
                            context
                                .Chunks.Where(c => c.JobId == j.Id && c.State == ChunkState.Fused)
                                .Sum(c => c.End - c.Start)
                    ),
            cancellationToken
        );
        _ = await unfinished
            .Where(j => leased.Contains(j.State) && j.Incarnation != incarnation.Id)
            .ChangeAsync(
                now,
                set =>
                    set.SetProperty(j => j.LeaseUntil, (DateTimeOffset?)null)
                        .SetProperty(j => j.LeaseOwner, (string?)null),
                cancellationToken
            );
    }

    /// <summary>Finished segments are used again only if they are still the bytes that were accepted.</summary>
    private async Task<int> RevokeBrokenAsync(JobsDbContext context, CancellationToken cancellationToken)
    {
        List<JobRow> fusing = await context
            .Jobs.AsNoTracking()
            .Where(j => j.State == JobState.Fusing)
            .ToListAsync(cancellationToken);
        int count = 0;
        foreach (JobRow job in fusing)
        {
            IReadOnlyList<ChunkRow> all = await chunks.ListAsync(job.Id, cancellationToken);
            foreach (ChunkRow broken in await segments.FindBrokenAsync(job, all, null, cancellationToken))
            {
                await fusion.RevokeAsync(SegmentCheck.EndOf(broken), cancellationToken);
                count++;
            }
        }

        return count;
    }

    [LoggerMessage(
        EventIds.Recovered,
        LogLevel.Information,
        "Taken up where an earlier run stopped: {Voided} attempts void, {Broken} segments not whole"
    )]
    private partial void LogRecovered(int voided, int broken);
}
