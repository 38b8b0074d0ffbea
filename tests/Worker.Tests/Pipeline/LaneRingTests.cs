using FaceFusion.Batch.Worker.Pipeline;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

public sealed class LaneRingTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 6)]
    [InlineData(3, 1000)]
    public void Collect_WhateverTheLanesTake_GivesEveryValueInOrder(int lanes, int count)
    {
        using Lanes<int[]> ring = new(lanes, static (value, _) => Work(value));
        using StageThreads stages = new(TestContext.Current.CancellationToken);
        ring.Start(stages, "lane");
        stages.Start(
            "deal",
            stop =>
            {
                for (int i = 0; i < count; i++)
                {
                    ring.Deal([i, 0], stop);
                }

                ring.Complete(stop);
            }
        );
        List<int[]> collected = [];
        stages.Start(
            "collect",
            stop =>
            {
                while (ring.TryCollect(out int[] value, stop))
                {
                    collected.Add(value);
                }

                Assert.False(ring.TryCollect(out _, stop));
            }
        );

        stages.Join();

        Assert.Equal(Enumerable.Range(0, count), collected.Select(static value => value[0]));
        Assert.All(collected, static value => Assert.Equal(value[0] + 1, value[1]));
    }

    /// <summary>One lane is held up: the other one does what fits behind it.</summary>
    [Fact]
    public void Run_ALaneThatTakesLong_DoesNotHoldUpTheOther()
    {
        using ManualResetEventSlim goOn = new();
        using CountdownEvent others = new(4);
        using Lanes<int> ring = new(
            2,
            (value, _) =>
            {
                if (value == 0)
                {
                    goOn.Wait(TestContext.Current.CancellationToken);
                }
                else
                {
                    others.Signal();
                }
            }
        );
        using StageThreads stages = new(TestContext.Current.CancellationToken);
        ring.Start(stages, "lane");
        for (int i = 0; i < 5; i++)
        {
            ring.Deal(i, stages.Token);
        }

        Assert.True(others.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        goOn.Set();
        ring.Complete(stages.Token);
        for (int i = 0; i < 5; i++)
        {
            Assert.True(ring.TryCollect(out int value, stages.Token));
            Assert.Equal(i, value);
        }

        stages.Join();
    }

    [Fact]
    public void Join_ALaneThatFails_EndsTheOthers()
    {
        using Lanes<int> ring = new(2, static (value, _) => throw new InvalidOperationException($"value {value}"));
        using StageThreads stages = new(TestContext.Current.CancellationToken);
        ring.Start(stages, "lane");
        stages.Start("deal", stop => ring.Deal(7, stop));
        stages.Start("collect", stop => ring.TryCollect(out _, stop));

        Assert.Equal("value 7", Assert.Throws<InvalidOperationException>(stages.Join).Message);
    }

    private static void Work(int[] value)
    {
        // Some are slow, so that lanes overtake each other.
        Thread.SpinWait(value[0] % 7 == 0 ? 20_000 : 10);
        value[1] = value[0] + 1;
    }
}
