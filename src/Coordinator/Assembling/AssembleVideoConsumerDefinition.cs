using MassTransit;

namespace FaceFusion.Batch.Coordinator.Assembling;

/// <summary>Two results at a time: joining is bound by the disk.</summary>
public sealed class AssembleVideoConsumerDefinition : ConsumerDefinition<AssembleVideoConsumer>
{
    public AssembleVideoConsumerDefinition() => ConcurrentMessageLimit = 2;
}
