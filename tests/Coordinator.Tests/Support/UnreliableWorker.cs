using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using MassTransit;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>What goes wrong on the way, by chance in percent; the seed makes a run repeatable.</summary>
internal sealed class Mischief(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();

    public int Lost { get; init; }
    public int Doubled { get; init; }
    public int Late { get; init; }
    public int Failed { get; init; }

    public bool Happens(int percent)
    {
        lock (_lock)
        {
            return _random.Next(100) < percent;
        }
    }

    public TimeSpan Delay()
    {
        lock (_lock)
        {
            return TimeSpan.FromMilliseconds(_random.Next(700));
        }
    }
}

/// <summary>
/// A worker behind a bad line: orders and words are lost, doubled, late and out of order, and some work fails. What it stores is
/// always whole, as the store promises.
/// </summary>
internal sealed class UnreliableWorker(SegmentPress press, Mischief mischief, IBus bus)
    : IConsumer<FuseChunk>,
        IConsumer<ScanVideo>
{
    public const string WorkerId = "w1";

    public async Task Consume(ConsumeContext<FuseChunk> context)
    {
        FuseChunk order = context.Message;
        if (mischief.Happens(mischief.Lost))
        {
            return;
        }

        await SayAsync(new ChunkProgressed(order.JobId, order.ChunkIndex, order.Attempt, WorkerId, 1));
        if (mischief.Happens(mischief.Failed))
        {
            await SayAsync(new ChunkFailed(order.JobId, order.ChunkIndex, order.Attempt, WorkerId, Faults.Stopped));
            return;
        }

        int times = mischief.Happens(mischief.Doubled) ? 2 : 1;
        for (int i = 0; i < times; i++)
        {
            ChunkFused fused = await Task.Run(() => press.Fuse(order, WorkerId));
            await SayAsync(fused);
        }
    }

    public async Task Consume(ConsumeContext<ScanVideo> context)
    {
        ScanVideo order = context.Message;
        if (!mischief.Happens(mischief.Lost))
        {
            await SayAsync(new ScanProgressed(order.JobId, order.Attempt, WorkerId, 1));
            await SayAsync(SegmentPress.Scan(order, WorkerId));
        }
    }

    private async Task SayAsync<T>(T message)
        where T : class
    {
        if (mischief.Happens(mischief.Lost))
        {
            return;
        }

        int times = mischief.Happens(mischief.Doubled) ? 2 : 1;
        for (int i = 0; i < times; i++)
        {
            Task said = SayLaterAsync(message, mischief.Happens(mischief.Late) ? mischief.Delay() : TimeSpan.Zero);
            if (!mischief.Happens(mischief.Late))
            {
                await said;
            }
        }
    }

    private async Task SayLaterAsync<T>(T message, TimeSpan delay)
        where T : class
    {
        await Task.Delay(delay);
        await bus.Publish(message);
    }
}
