using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Hosting;
using FaceFusion.Batch.TestKit.Services;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Consumers;

/// <summary>A worker that is told to take nothing more, on either bus.</summary>
public sealed class DrainTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Drained_FinishesWhatItRuns_GivesOneOrderBackForEachSlot_AndTakesWorkAgain(bool withBroker)
    {
        await using RabbitMqHost? queues = withBroker ? await RealServices.RabbitMqHostAsync() : null;
        using SemaphoreSlim finish = new(0);
        List<int> begun = [];
        await using WorkerBench bench = await WorkerBench.OpenAsync(
            (order, files, _, stop) =>
            {
                lock (begun)
                {
                    begun.Add(order.ChunkIndex);
                }

                finish.Wait(stop);
                return WorkerBench.Finish(order, files);
            },
            slots: 2,
            broker: queues is null ? null : RabbitMqOptions.Parse(queues.Address)
        );
        await bench.SendAsync(await bench.OrderAsync(chunk: 0));
        _ = await bench.Heard.WaitAsync<ChunkProgressed>();
        await bench.SendAsync(new DrainWorker("another", true));
        await bench.SendAsync(new DrainWorker("w1", true));
        _ = await bench.Heard.WaitAsync<WorkerReported>(1, r => r is { IsDraining: true, Busy: 1 });

        for (int chunk = 1; chunk <= 4; chunk++)
        {
            await bench.SendAsync(await bench.OrderAsync(chunk));
        }

        _ = await bench.Heard.WaitAsync<ChunkFailed>();
        _ = finish.Release();
        _ = await bench.Heard.WaitAsync<ChunkFused>(1, f => f.ChunkIndex == 0);
        _ = await bench.Heard.WaitAsync<ChunkFailed>(2);
        _ = await bench.Heard.WaitAsync<WorkerReported>(2, r => r is { IsDraining: true, Busy: 0 });
        IReadOnlyList<ChunkFailed> back = bench.Heard.All<ChunkFailed>();
        Assert.Equal([1, 2], back.Select(b => b.ChunkIndex).Order());
        Assert.All(back, b => Assert.Equal("worker-drained", b.Failure.Code));

        _ = finish.Release(2);
        await bench.SendAsync(new DrainWorker("w1", false));
        _ = await bench.Heard.WaitAsync<ChunkFused>(3);
        Assert.Equal([0, 3, 4], begun.Order());
        Assert.Equal(2, bench.Heard.All<ChunkFailed>().Count);
    }

    [Fact]
    public async Task Stop_WhileAnOrderIsHeld_DoesNotWaitForIt()
    {
        WorkerBench bench = await WorkerBench.OpenAsync(
            (o, files, _, _) => WorkerBench.Finish(o, files),
            drainSeconds: 60
        );
        await bench.SendAsync(new DrainWorker("w1", true));
        _ = await bench.Heard.WaitAsync<WorkerReported>(1, r => r.IsDraining);
        await bench.SendAsync(await bench.OrderAsync());
        _ = await bench.Heard.WaitAsync<ChunkFailed>();

        long start = TimeProvider.System.GetTimestamp();
        await bench.DisposeAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HandBack_EndsWhatRuns_SaysSo_AndTakesNothingMore_WhateverAnOperatorSays(bool withBroker)
    {
        await using RabbitMqHost? queues = withBroker ? await RealServices.RabbitMqHostAsync() : null;
        await using WorkerBench bench = await WorkerBench.OpenAsync(
            (_, _, _, stop) =>
            {
                _ = stop.WaitHandle.WaitOne();
                throw new OperationCanceledException(stop);
            },
            drainSeconds: 600,
            broker: queues is null ? null : RabbitMqOptions.Parse(queues.Address)
        );
        await bench.SendAsync(await bench.OrderAsync(chunk: 0));
        _ = await bench.Heard.WaitAsync<ChunkProgressed>();

        bench.Attempts.HandBack();
        ChunkFailed back = Assert.Single(await bench.Heard.WaitAsync<ChunkFailed>());
        Assert.Equal((0, "worker-stopped"), (back.ChunkIndex, back.Failure.Code));

        await bench.SendAsync(new DrainWorker("w1", false));
        await bench.SendAsync(await bench.OrderAsync(chunk: 1));
        Assert.Equal("worker-drained", (await bench.Heard.WaitAsync<ChunkFailed>(2))[1].Failure.Code);
        _ = await bench.Heard.WaitAsync<WorkerReported>(1, r => r is { IsDraining: true, Busy: 0 });
    }

    [Fact]
    public async Task AnotherBuild_GivesTheChunkBack_AndLeavesTheNextOneToOthersForAWhile()
    {
        List<long> begun = [];
        await using WorkerBench bench = await WorkerBench.OpenAsync(
            (_, _, _, _) =>
            {
                begun.Add(TimeProvider.System.GetTimestamp());
                throw new ModelException(Failure.PipelineDiffers, "Another.", isTransient: true);
            }
        );
        await bench.SendAsync(await bench.OrderAsync(chunk: 0));
        await bench.SendAsync(await bench.OrderAsync(chunk: 1));

        IReadOnlyList<ChunkFailed> back = await bench.Heard.WaitAsync<ChunkFailed>(2);

        Assert.All(back, b => Assert.Equal(Failure.PipelineDiffers, b.Failure.Code));
        // A heartbeat of the order.
        Assert.InRange(
            TimeProvider.System.GetElapsedTime(begun[0], begun[1]),
            TimeSpan.FromSeconds(0.99),
            TimeSpan.FromSeconds(30)
        );
    }
}
