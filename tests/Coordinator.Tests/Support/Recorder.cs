using System.Collections.Concurrent;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>Stands where the workers stand and writes down what they are told.</summary>
internal sealed class Recorder
{
    private readonly ConcurrentQueue<object> _heard = new();

    public void Add(object message) => _heard.Enqueue(message);

    public IReadOnlyList<T> All<T>() => [.. _heard.OfType<T>()];

    public async Task<IReadOnlyList<T>> WaitAsync<T>(int count)
    {
        await Deadline.UntilAsync(() => Task.FromResult(All<T>().Count >= count), $"{count} {typeof(T).Name}");
        return All<T>();
    }
}

internal sealed class RecorderConsumer(Recorder recorder)
    : IConsumer<FuseChunk>,
        IConsumer<ScanVideo>,
        IConsumer<JobCancelled>,
        IConsumer<DrainWorker>,
        IConsumer<AttemptVoided>
{
    public Task Consume(ConsumeContext<FuseChunk> context) => Add(context.Message);

    public Task Consume(ConsumeContext<ScanVideo> context) => Add(context.Message);

    public Task Consume(ConsumeContext<JobCancelled> context) => Add(context.Message);

    public Task Consume(ConsumeContext<DrainWorker> context) => Add(context.Message);

    public Task Consume(ConsumeContext<AttemptVoided> context) => Add(context.Message);

    private Task Add(object message)
    {
        recorder.Add(message);
        return Task.CompletedTask;
    }
}

internal static class Deadline
{
    public static async Task UntilAsync(Func<Task<bool>> holds, string what, int seconds = 60)
    {
        using CancellationTokenSource over = new(TimeSpan.FromSeconds(seconds));
        while (!await holds())
        {
            Assert.False(over.IsCancellationRequested, $"Waited {seconds} s for {what}.");
            await Task.Delay(10);
        }
    }
}
