using FaceFusion.Batch.Contracts.Events;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>Workers' signs of life to <see cref="LiveWorkers"/>.</summary>
public sealed class WorkerReportedConsumer(LiveWorkers workers) : IConsumer<WorkerReported>
{
    public Task Consume(ConsumeContext<WorkerReported> context) =>
        workers.ReportAsync(context.Message, context.CancellationToken);
}
