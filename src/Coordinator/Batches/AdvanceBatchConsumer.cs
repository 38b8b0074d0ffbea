using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Sweeping;
using FaceFusion.Batch.Coordinator.Tracking;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Batches;

/// <summary>Orders about batches to whoever does what their rows say.</summary>
internal sealed class AdvanceBatchConsumer(BatchBook book, BatchReading reading, BatchChanges changes)
    : IConsumer<AdvanceBatch>
{
    public async Task Consume(ConsumeContext<AdvanceBatch> context)
    {
        CancellationToken stop = context.CancellationToken;
        BatchRow? batch = await book.FindOwingAsync(context.Message.BatchId, context.Message.Attempt, stop);
        switch (batch?.State)
        {
            case BatchState.Reading:
                await reading.RunAsync(batch, stop);
                break;
            case BatchState.Cancelling:
                await changes.CancelAsync(batch, stop);
                break;
            case BatchState.Retrying:
                await changes.RetryAsync(batch, stop);
                break;
        }
    }
}

/// <summary>Two at a time: a batch of many rows must not hold up a small one.</summary>
internal sealed class AdvanceBatchConsumerDefinition : LedgerConsumerDefinition<AdvanceBatchConsumer>
{
    public AdvanceBatchConsumerDefinition(DatabaseTrouble trouble)
        : base(trouble) => ConcurrentMessageLimit = 2;
}
