using FaceFusion.Batch.Contracts.Events;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Scanning;

/// <summary>Messages about scans to <see cref="ScanStage"/>.</summary>
public sealed class ScanEventsConsumer(ScanStage stage)
    : IConsumer<ScanProgressed>,
        IConsumer<VideoScanned>,
        IConsumer<ScanFailed>
{
    public Task Consume(ConsumeContext<ScanProgressed> context) =>
        stage.ProgressedAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<VideoScanned> context) =>
        stage.ScannedAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<ScanFailed> context) =>
        stage.FailedAsync(context.Message, context.CancellationToken);
}
