using FaceFusion.Batch.Contracts.Commands;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Preparing;

/// <summary>Orders to prepare to <see cref="PrepareStage"/>.</summary>
public sealed class PrepareVideoConsumer(PrepareStage stage) : IConsumer<PrepareVideo>
{
    public Task Consume(ConsumeContext<PrepareVideo> context) =>
        stage.RunAsync(context.Message, context.CancellationToken);
}
