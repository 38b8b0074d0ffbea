using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Coordinator.Replaying;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>Messages about chunks in work to <see cref="FusionStage"/>, those about replays to <see cref="ReplayStage"/>.</summary>
public sealed class ChunkEventsConsumer(FusionStage stage, ReplayStage replays)
    : IConsumer<ChunkProgressed>,
        IConsumer<ChunkFailed>
{
    public Task Consume(ConsumeContext<ChunkProgressed> context) =>
        Replays.IsReplay(context.Message.Attempt)
            ? replays.ProgressedAsync(context.Message, context.CancellationToken)
            : stage.ProgressedAsync(context.Message, context.CancellationToken);

    public Task Consume(ConsumeContext<ChunkFailed> context) =>
        Replays.IsReplay(context.Message.Attempt)
            ? replays.FailedAsync(context.Message, context.CancellationToken)
            : stage.FailedAsync(context.Message, context.CancellationToken);
}
