using System.Diagnostics;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Coordinator.Replaying;
using FaceFusion.Batch.Coordinator.Sweeping;
using FaceFusion.Batch.Hosting.Tracing;
using MassTransit;
using MassTransit.Logging;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>Finished chunks to <see cref="CommitStage"/>, as many at a time as came in while the last ones were committed.</summary>
public sealed class ChunkFusedConsumer(CommitStage stage, ReplayStage replays) : IConsumer<Batch<ChunkFused>>
{
    public async Task Consume(ConsumeContext<Batch<ChunkFused>> context)
    {
        Activity?[] spans = FleetTrace.IsHeard ? [.. context.Message.Select(StartSpan)] : [];
        // They lie side by side, each in the trace of its own job, and what follows is in none of them.
        Activity.Current = null;
        try
        {
            ILookup<bool, ChunkFused> words = context
                .Message.Select(word => word.Message)
                .ToLookup(fused => Replays.IsReplay(fused.Attempt));
            if (words[false].Any())
            {
                await stage.FusedAsync([.. words[false]], context.CancellationToken);
            }

            foreach (ChunkFused again in words[true])
            {
                await replays.FusedAsync(again, context.CancellationToken);
            }
        }
        finally
        {
            foreach (Activity? span in spans)
            {
                span?.Dispose();
            }
        }
    }

    private static Activity? StartSpan(ConsumeContext<ChunkFused> word) =>
        FleetTrace.Start(
            "commit chunk",
            word.Headers.Get<string>(DiagnosticHeaders.ActivityId),
            word.Message.JobId,
            word.Message.ChunkIndex,
            word.Message.Attempt
        );
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
