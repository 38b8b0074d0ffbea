using System.Diagnostics;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Hosting.Tracing;
using FaceFusion.Batch.Worker.Scanning;
using FaceFusion.Batch.Worker.Transfer;
using MassTransit;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>An order to scan a target to files, work, stored files and a word about it.</summary>
public sealed class ScanVideoConsumer(
    AttemptRunner runner,
    BlobTransfer transfer,
    ModelTransfer models,
    ScanTargetWork work,
    WorkerOptions options
) : IConsumer<ScanVideo>
{
    public Task Consume(ConsumeContext<ScanVideo> context)
    {
        ScanVideo order = context.Message;
        string worker = options.WorkerId;
        AttemptCalls calls = new()
        {
            Heartbeat = TimeSpan.FromSeconds(order.HeartbeatSeconds),
            SendProgress = frames =>
                context.Publish(new ScanProgressed(order.JobId, order.Attempt, worker, frames), CancellationToken.None),
            SendFailure = failure =>
                context.Publish(new ScanFailed(order.JobId, order.Attempt, worker, failure), CancellationToken.None),
            Work = (attempt, onFramesDone) => ScanAsync(context, attempt, onFramesDone),
        };
        AttemptKey key = new(order.JobId, AttemptVoided.Scan, order.Attempt);
        return runner.RunAsync(key, calls, context.CancellationToken);
    }

    private async Task ScanAsync(ConsumeContext<ScanVideo> context, RunningAttempt attempt, Action<int> onFramesDone)
    {
        ScanVideo order = context.Message;
        using Activity? span = FleetTrace.Start("scan video", null, order.JobId, null, order.Attempt);
        _ = span?.SetTag("ffb.worker", options.WorkerId);
        using ScratchFolder folder = new(options);
        await models.FetchAsync(order.Models, folder, attempt.Stop);
        using TargetFile target = await transfer.ReadTargetAsync(order.TargetUrl, order.TargetSha256, attempt.Stop);
        ScanFiles files = new()
        {
            Target = target.Path,
            FrameTable = await transfer.ReadAsync(order.FrameTableUrl, folder, attempt.Stop),
            Sources = await transfer.ReadAsync(order.Sources, folder, attempt.Stop),
            Scan = folder.PathOf("scan.json"),
            Sheet = folder.PathOf("sheet.png"),
        };
        VideoScanned scanned = await Task.Factory.StartNew(
            () => work(order, files, onFramesDone, attempt.Stop),
            attempt.Stop,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        attempt.Stop.ThrowIfCancellationRequested();
        bool isStored =
            await transfer.TryPutAsync(files.Sheet, order.SheetPutUrl, attempt.Stop)
            && await transfer.TryPutAsync(files.Scan, order.ScanPutUrl, attempt.Stop);
        if (isStored)
        {
            await context.Publish(scanned, CancellationToken.None);
        }
    }
}
