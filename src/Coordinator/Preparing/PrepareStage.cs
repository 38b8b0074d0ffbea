using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Dispatching;
using FaceFusion.Batch.Coordinator.Observing;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Media.Planning;
using FaceFusion.Batch.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceFusion.Batch.Coordinator.Preparing;

/// <summary>Probes a target, stores its frame table and plans its chunks.</summary>
public sealed class PrepareStage(
    JobLedger jobs,
    JobEnding ending,
    StageStarter stages,
    VideoPreparation preparation,
    ProbedBlobs probes,
    LiveWorkers workers,
    Scratch scratch,
    IBlobStore store,
    IDbContextFactory<JobsDbContext> contexts,
    CoordinatorOptions options,
    TimeProvider clock
)
{
    private const int FailuresAllowed = 3;

    public async Task RunAsync(PrepareVideo order, CancellationToken stop)
    {
        StageLease? claimed = await StageLease.ClaimAsync(
            jobs,
            order.JobId,
            JobState.Preparing,
            order.Attempt,
            options,
            clock,
            stop
        );
        if (claimed is null || await jobs.FindAsync(order.JobId, stop) is not { } job)
        {
            return;
        }

        await using StageLease lease = claimed;
        try
        {
            if (await PrepareAsync(job, lease.Lost))
            {
                await stages.StartAsync(job.Id, stop);
            }
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested)
        {
            // Cancelled, or another attempt has it. A stop of the process leaves the lease to run out.
        }
#pragma warning disable CA1031 // The outermost of the stage: whatever it was, the job must end, or be tried again, and say why.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await ending.StageFailedAsync(job, Failures.Of(e), FailuresAllowed, stop);
        }
    }

    private async Task<bool> PrepareAsync(JobRow job, CancellationToken stop)
    {
        using Scratch.Folder folder = scratch.Make();
        string table = folder.PathOf("table.frames");
        string target = await scratch.FetchAsync(BlobNames.Target(job.TargetSha256), folder, stop);
        PreparedVideo prepared = await Task.Factory.StartNew(
            () => preparation.Run(job, target, table, stop),
            stop,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        BlobName tableBlob = BlobNames.FrameTable(job.Id, job.Attempt, job.Delivery);
        _ = await store.PutFileAsync(tableBlob, table, stop);
        await probes.WriteAsync(tableBlob, prepared.Probed, stop);
        int slots = (await workers.CountAsync(stop)).Slots;
        int length = job.ChunkFrames ?? ChunkLength.Choose(prepared.FrameCount, slots, await SpeedAsync(stop));
        IReadOnlyList<FrameRange> plan = ChunkPlanner.Plan(prepared.FrameCount, length);
        return await CommitAsync(job, prepared, tableBlob, plan, stop);
    }

    private async Task<double?> SpeedAsync(CancellationToken stop)
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        return await SlotSpeed.ReadAsync(context, stop);
    }

    /// <summary>Chunks and the move to the next stage appear together or not at all.</summary>
    private async Task<bool> CommitAsync(
        JobRow job,
        PreparedVideo prepared,
        BlobName table,
        IReadOnlyList<FrameRange> plan,
        CancellationToken stop
    )
    {
        await using JobsDbContext context = await contexts.CreateDbContextAsync(stop);
        await using IDbContextTransaction change = await context.Database.BeginTransactionAsync(stop);
        bool moved = await jobs.CompleteStageAsync(
            context,
            job.Id,
            JobState.Preparing,
            job.Attempt,
            JobState.Scanning,
            set =>
                set.SetProperty(j => j.Format, prepared.Probed.Format)
                    .SetProperty(j => j.FrameCount, prepared.FrameCount)
                    .SetProperty(j => j.FrameTableBlob, table.Value)
                    .SetProperty(j => j.Warnings, prepared.Warnings)
                    .SetProperty(
                        j => j.StageMilliseconds,
                        job.StageMillisecondsWith("prepare", prepared.CpuMilliseconds)
                    ),
            stop
        );
        if (!moved)
        {
            return false;
        }

        if (job.DistrustsPackets)
        {
            // They were planned from a frame table that did not hold.
            _ = await context.Chunks.Where(c => c.JobId == job.Id).ExecuteDeleteAsync(stop);
        }

        context.Chunks.AddRange(
            plan.Select(
                (range, index) =>
                    new ChunkRow
                    {
                        JobId = job.Id,
                        Index = index,
                        Start = range.Start,
                        End = range.End,
                        Cost = range.Length,
                    }
            )
        );
        _ = await context.SaveChangesAsync(stop);
        await change.CommitAsync(stop);
        return true;
    }
}
