using FaceFusion.Batch.Contracts.Commands;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Assembling;

/// <summary>Orders to assemble to <see cref="AssembleStage"/>.</summary>
public sealed class AssembleVideoConsumer(AssembleStage stage) : IConsumer<AssembleVideo>
{
    public Task Consume(ConsumeContext<AssembleVideo> context) =>
        stage.RunAsync(context.Message, context.CancellationToken);
}
