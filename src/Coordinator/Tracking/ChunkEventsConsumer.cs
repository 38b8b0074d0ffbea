using FaceFusion.Batch.Contracts.Events;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>Messages about chunks to <see cref="FusionStage"/>.</summary>
public sealed class ChunkEventsConsumer(FusionStage stage)
    : IConsumer<ChunkProgressed>,
        IConsumer<ChunkFused>,
        IConsumer<ChunkFailed>
{
    public Task Consume(ConsumeContext<ChunkProgressed> context) =>
        stage.ProgressedAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<ChunkFused> context) =>
        stage.FusedAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<ChunkFailed> context) =>
        stage.FailedAsync(context.Message, context.CancellationToken);
}
