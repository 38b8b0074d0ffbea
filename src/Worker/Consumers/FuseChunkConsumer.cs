using System.Diagnostics;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Hosting.Tracing;
using FaceFusion.Batch.Worker.Observing;
using FaceFusion.Batch.Worker.Pipeline;
using FaceFusion.Batch.Worker.Transfer;
using MassTransit;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>An order to fuse a chunk to files, work, stored files and a word about it. The order is acknowledged last.</summary>
public sealed class FuseChunkConsumer(
    AttemptRunner runner,
    BlobTransfer transfer,
    ModelTransfer models,
    FuseWork work,
    WorkMeter meter,
    WorkerOptions options
) : IConsumer<FuseChunk>
{
    public Task Consume(ConsumeContext<FuseChunk> context)
    {
        FuseChunk order = context.Message;
        string worker = options.WorkerId;
        AttemptCalls calls = new()
        {
            Heartbeat = TimeSpan.FromSeconds(order.HeartbeatSeconds),
            SendProgress = frames =>
                context.Publish(
                    new ChunkProgressed(order.JobId, order.ChunkIndex, order.Attempt, worker, frames),
                    CancellationToken.None
                ),
            SendFailure = failure =>
                context.Publish(
                    new ChunkFailed(order.JobId, order.ChunkIndex, order.Attempt, worker, failure),
                    CancellationToken.None
                ),
            Work = (attempt, onFramesDone) => FuseAsync(context, attempt, onFramesDone),
        };
        AttemptKey key = new(order.JobId, order.ChunkIndex, order.Attempt);
        return runner.RunAsync(key, calls, context.CancellationToken);
    }

    private async Task FuseAsync(ConsumeContext<FuseChunk> context, RunningAttempt attempt, Action<int> onFramesDone)
    {
        FuseChunk order = context.Message;
        using Activity? span = FleetTrace.Start("fuse chunk", null, order.JobId, order.ChunkIndex, order.Attempt);
        _ = span?.SetTag("ffb.frames", order.Range.Length).SetTag("ffb.worker", options.WorkerId);
        using ScratchFolder folder = new(options);
        await models.FetchAsync(order.Models, folder, attempt.Stop);
        using TargetFile target = await transfer.ReadTargetAsync(order.TargetUrl, order.TargetSha256, attempt.Stop);
        List<SidecarFile> sidecars = [];
        foreach (SidecarRef sidecar in order.Sidecars)
        {
            sidecars.Add(new SidecarFile(sidecar.Range, await transfer.ReadAsync(sidecar.Url, folder, attempt.Stop)));
        }

        ChunkFiles files = new()
        {
            Target = target.Path,
            FrameTable = await transfer.ReadAsync(order.FrameTableUrl, folder, attempt.Stop),
            Scan = await transfer.ReadAsync(order.ScanUrl, folder, attempt.Stop),
            Sources = await transfer.ReadAsync(order.Sources, folder, attempt.Stop),
            Sidecars = sidecars,
            Segment = folder.PathOf(order.Format.IsStill ? "segment.png" : "segment.mp4"),
            Sidecar = folder.PathOf("sidecar"),
            Report = folder.PathOf("report.json"),
        };
        // The work blocks for up to minutes: a thread of its own, so that heartbeats keep theirs.
        ChunkFused fused = await Task.Factory.StartNew(
            () => work(order, files, meter.Count(onFramesDone), attempt.Stop),
            attempt.Stop,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        attempt.Stop.ThrowIfCancellationRequested();
        bool isStored =
            (
                !File.Exists(files.Sidecar)
                || await transfer.TryPutAsync(files.Sidecar, order.SidecarPutUrl, attempt.Stop)
            )
            && await transfer.TryPutAsync(files.Report, order.ReportPutUrl, attempt.Stop)
            && await transfer.TryPutAsync(files.Segment, order.SegmentPutUrl, attempt.Stop);
        if (isStored)
        {
            await context.Publish(fused, CancellationToken.None);
        }
    }
}
