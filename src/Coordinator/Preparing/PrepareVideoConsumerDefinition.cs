using MassTransit;

namespace FaceFusion.Batch.Coordinator.Preparing;

/// <summary>One target at a time: probing decodes, and must not starve the chunks of other jobs.</summary>
public sealed class PrepareVideoConsumerDefinition : ConsumerDefinition<PrepareVideoConsumer>
{
    public PrepareVideoConsumerDefinition() => ConcurrentMessageLimit = 1;
}
