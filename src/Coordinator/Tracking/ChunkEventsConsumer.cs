using FaceFusion.Batch.Contracts.Events;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>Messages about chunks in work to <see cref="FusionStage"/>.</summary>
public sealed class ChunkEventsConsumer(FusionStage stage) : IConsumer<ChunkProgressed>, IConsumer<ChunkFailed>
{
    public Task Consume(ConsumeContext<ChunkProgressed> context) =>
        stage.ProgressedAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<ChunkFailed> context) =>
        stage.FailedAsync(context.Message, context.CancellationToken);
}
