using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Media.Assembling;

namespace FaceFusion.Batch.Coordinator.Assembling;

/// <summary>
/// Joins the accepted segments, proves the result, and puts it in its place in one step. Leased and idempotent: what a dead
/// attempt left behind is nobody's result.
/// </summary>
public sealed class AssembleStage(
    JobLedger jobs,
    ChunkLedger chunks,
    JobEnding ending,
    StageStarter stages,
    FusionStage fusion,
    VideoAssembly assembly,
    ResultReport reports,
    ResultPlace place,
    SegmentCheck segments,
    OrphanCollector orphans,
    Scratch scratch,
    CoordinatorOptions options,
    TimeProvider clock
)
{
    private const int FailuresAllowed = 3;

    public async Task RunAsync(AssembleVideo order, CancellationToken stop)
    {
        StageLease? claimed = await StageLease.ClaimAsync(
            jobs,
            order.JobId,
            JobState.Assembling,
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
            await AssembleAsync(job, lease.Lost, stop);
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

    private async Task AssembleAsync(JobRow job, CancellationToken lost, CancellationToken stop)
    {
        IReadOnlyList<ChunkRow> all = await chunks.ListAsync(job.Id, lost);
        using Scratch.Folder folder = scratch.Make();
        IReadOnlyList<ChunkRow> broken = await segments.FindBrokenAsync(job, all, folder, lost);
        if (broken.Count > 0)
        {
            await FuseAgainAsync(job, broken, stop);
            return;
        }

        ScanResult scan = await reports.ReadScanAsync(job, lost);
        JoinedVideo joined = await assembly.RunAsync(job, all, scan, folder, lost);
        await reports.WriteAsync(job, all, scan, joined, clock.GetUtcNow(), lost);
        if (!await jobs.BeginPublishingAsync(job.Id, job.Attempt, stop))
        {
            return;
        }

        // From here to the end the work is not given up half-way: the result is there, then the row says so.
        string? resultBlob = await place.PublishAsync(job, joined.Path, CancellationToken.None);
        _ = await jobs.CompleteStageAsync(
            job.Id,
            JobState.Assembling,
            job.Attempt,
            JobState.Succeeded,
            set =>
                set.SetProperty(j => j.ResultSha256, joined.Sha256)
                    .SetProperty(j => j.ResultBlob, resultBlob)
                    .SetProperty(j => j.ReportBlob, ResultReport.NameOf(job).Value)
                    .SetProperty(
                        j => j.StageMilliseconds,
                        job.StageMillisecondsWith("assemble", joined.CpuMilliseconds)
                    )
                    .SetProperty(j => j.Publishing, false),
            CancellationToken.None
        );
        await orphans.CollectAsync(job.Id, CancellationToken.None);
    }

    /// <summary>Back to fusing for what is broken, and on from there as usual.</summary>
    private async Task FuseAgainAsync(JobRow job, IReadOnlyList<ChunkRow> broken, CancellationToken stop)
    {
        foreach (ChunkRow chunk in broken)
        {
            await fusion.RevokeAsync(SegmentCheck.EndOf(chunk), stop);
        }

        _ = await jobs.CompleteStageAsync(job.Id, JobState.Assembling, job.Attempt, JobState.Fusing, _ => { }, stop);
        await stages.StartAsync(job.Id, stop);
    }
}
