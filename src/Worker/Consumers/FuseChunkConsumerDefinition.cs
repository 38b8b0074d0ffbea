using MassTransit;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>As many chunks at once as there are slots, and none fetched ahead. No retries here: the Coordinator decides.</summary>
public sealed class FuseChunkConsumerDefinition : ConsumerDefinition<FuseChunkConsumer>
{
    private readonly int _slots;

    public FuseChunkConsumerDefinition(WorkerOptions options)
    {
        _slots = options.Slots;
        ConcurrentMessageLimit = options.Slots;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<FuseChunkConsumer> consumerConfigurator,
        IRegistrationContext context
    ) => endpointConfigurator.PrefetchCount = _slots;
}
