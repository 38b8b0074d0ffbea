using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using MassTransit;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>Broadcasts that end work in hand, or work to come. Every worker has an endpoint of its own for them.</summary>
public sealed class StopConsumer(RunningAttempts running, DrainGate gate, WorkerOptions options)
    : IConsumer<JobCancelled>,
        IConsumer<AttemptVoided>,
        IConsumer<DrainWorker>
{
    public Task Consume(ConsumeContext<DrainWorker> context)
    {
        if (context.Message.WorkerId == options.WorkerId)
        {
            gate.Set(context.Message.IsDraining);
        }

        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<JobCancelled> context)
    {
        running.Stop(context.Message.JobId);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<AttemptVoided> context)
    {
        AttemptVoided message = context.Message;
        if (message.WorkerId == options.WorkerId)
        {
            running.Stop(new AttemptKey(message.JobId, message.ChunkIndex, message.Attempt));
        }

        return Task.CompletedTask;
    }
}
