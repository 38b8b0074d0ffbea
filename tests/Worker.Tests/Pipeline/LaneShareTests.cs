using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Worker.Pipeline;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

public sealed class LaneShareTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(32, 0, 32)]
    [InlineData(32, 1, 32)]
    [InlineData(32, 12, 3)]
    [InlineData(32, 16, 2)]
    [InlineData(32, 40, 1)]
    [InlineData(int.MaxValue, 1, int.MaxValue)]
    public void Each_IsAnEqualPart_RoundedUp(int together, int chunks, int each)
    {
        LaneShare share = new(together);
        for (int i = 0; i < chunks; i++)
        {
            share.Join();
        }

        Assert.Equal(each, share.Each);
    }

    /// <summary>Two of four lanes work while there is another chunk, and all four once it has gone.</summary>
    [Fact]
    public void Run_LanesBeyondTheShare_WaitUntilTheOtherChunkHasGone()
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        LaneShare share = new(4);
        share.Join();
        share.Join();
        using SemaphoreSlim entered = new(0);
        using ManualResetEventSlim goOn = new();
        using Lanes<int> ring = new(
            4,
            (_, _) =>
            {
                _ = entered.Release();
                goOn.Wait(cancelled);
            },
            share
        );
        using StageThreads stages = new(cancelled);
        ring.Start(stages, "lane");
        for (int i = 0; i < 4; i++)
        {
            ring.Deal(i, stages.Token);
        }

        Assert.True(entered.Wait(Patience, cancelled));
        Assert.True(entered.Wait(Patience, cancelled));
        Assert.False(entered.Wait(TimeSpan.FromMilliseconds(200), cancelled));

        share.Leave();

        Assert.True(entered.Wait(Patience, cancelled));
        Assert.True(entered.Wait(Patience, cancelled));
        goOn.Set();
        ring.Complete(stages.Token);
        stages.Join();
    }

    [Fact]
    public async Task Join_LanesThatNeverWorked_EndWithTheOthers()
    {
        LaneShare share = new(1);
        share.Join();
        int most = 0;
        using Lanes<int> ring = new(3, (_, lane) => most = Math.Max(most, lane), share);
        using StageThreads stages = new(TestContext.Current.CancellationToken);
        ring.Start(stages, "lane");
        for (int i = 0; i < 5; i++)
        {
            ring.Deal(i, stages.Token);
            Assert.True(ring.TryCollect(out _, stages.Token));
        }

        ring.Complete(stages.Token);
        await Task.Run(stages.Join, TestContext.Current.CancellationToken)
            .WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(0, most);
    }

    [Fact]
    public async Task Join_LanesThatWait_EndWhereOneFails()
    {
        LaneShare share = new(1);
        share.Join();
        using Lanes<int> ring = new(3, static (_, _) => throw new InvalidOperationException("no"), share);
        using StageThreads stages = new(TestContext.Current.CancellationToken);
        ring.Start(stages, "lane");
        ring.Deal(0, stages.Token);

        _ = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Task.Run(stages.Join, TestContext.Current.CancellationToken)
                .WaitAsync(Patience, TestContext.Current.CancellationToken)
        );
    }

    /// <summary>A chunk has its share from its start to its end, and no longer.</summary>
    [Fact]
    public void FuseLanes_StartedAndDisposedOf_ComesAndGoes()
    {
        LaneShare share = new(8);
        share.Join();
        using BoundedQueue<(Frame Frame, FrameFaces Faces)> nothing = new(1);
        nothing.Complete();
        using StageThreads stages = new(TestContext.Current.CancellationToken);
        using (FuseLanes never = new(null!, [null!, null!], share))
        {
            Assert.Equal(8, share.Each);
        }

        using (FuseLanes lanes = new(null!, [null!, null!], share))
        {
            lanes.Start(stages, "chunk");
            Assert.Equal(4, share.Each);
            lanes.Deal(nothing, larger: null, stages.Token);
            stages.Join();
        }

        Assert.Equal(8, share.Each);
    }
}
