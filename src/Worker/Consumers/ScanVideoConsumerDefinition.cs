using MassTransit;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>One scan at a time, beside the chunks.</summary>
public sealed class ScanVideoConsumerDefinition : ConsumerDefinition<ScanVideoConsumer>
{
    public ScanVideoConsumerDefinition() => ConcurrentMessageLimit = 1;

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<ScanVideoConsumer> consumerConfigurator,
        IRegistrationContext context
    ) => endpointConfigurator.PrefetchCount = 1;
}
