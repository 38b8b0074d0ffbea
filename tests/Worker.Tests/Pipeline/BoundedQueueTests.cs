using FaceFusion.Batch.Worker.Pipeline;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

public sealed class BoundedQueueTests
{
    [Fact]
    public void TryTake_AfterComplete_GivesEverythingInOrderThenEnds()
    {
        using var queue = new BoundedQueue<int>(3);
        var writer = new Thread(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                queue.Add(i, CancellationToken.None);
            }

            queue.Complete();
        });
        writer.Start();
        List<int> taken = [];
        while (queue.TryTake(out int value, CancellationToken.None))
        {
            taken.Add(value);
        }

        writer.Join();
        Assert.Equal(Enumerable.Range(0, 1000), taken);
        Assert.False(queue.TryTake(out _, CancellationToken.None));
    }

    [Fact]
    public void Add_WhenFull_WaitsUntilCancelled()
    {
        using var queue = new BoundedQueue<int>(2);
        queue.Add(1, CancellationToken.None);
        queue.Add(2, CancellationToken.None);
        using var stop = new CancellationTokenSource(50);
        Assert.Throws<OperationCanceledException>(() => queue.Add(3, stop.Token));
        Assert.Equal([1, 2], queue.Drain());
    }

    [Fact]
    public void Add_InSteadyState_AllocatesNothing()
    {
        using var queue = new BoundedQueue<int>(4);
        RoundTrip(queue, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RoundTrip(queue, 1000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void RoundTrip(BoundedQueue<int> queue, int count)
    {
        for (int i = 0; i < count; i++)
        {
            queue.Add(i, CancellationToken.None);
            queue.TryTake(out _, CancellationToken.None);
        }
    }
}
