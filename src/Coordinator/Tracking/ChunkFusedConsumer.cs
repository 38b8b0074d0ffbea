using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Coordinator.Sweeping;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>Finished chunks to <see cref="CommitStage"/>, as many at a time as came in while the last ones were committed.</summary>
public sealed class ChunkFusedConsumer(CommitStage stage) : IConsumer<Batch<ChunkFused>>
{
    public Task Consume(ConsumeContext<Batch<ChunkFused>> context) =>
        stage.FusedAsync([.. context.Message.Select(word => word.Message)], context.CancellationToken);
}

/// <summary>One commit at a time in a process: the more there is to commit, the larger the next batch.</summary>
public sealed class ChunkFusedConsumerDefinition(DatabaseTrouble trouble)
    : LedgerConsumerDefinition<ChunkFusedConsumer>(trouble)
{
    private const int Most = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<ChunkFusedConsumer> consumerConfigurator,
        IRegistrationContext context
    )
    {
        base.ConfigureConsumer(endpointConfigurator, consumerConfigurator, context);
        endpointConfigurator.PrefetchCount = 2 * Most;
        endpointConfigurator.ConcurrentMessageLimit = 2 * Most;
        _ = consumerConfigurator.Options<BatchOptions>(batch =>
            batch.SetMessageLimit(Most).SetTimeLimit(Patience).SetConcurrencyLimit(1)
        );
    }
}
