using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Frames;

public sealed class FramePoolTests
{
    [Fact]
    public async Task Rent_PoolEmpty_WaitsForAReturn()
    {
        using FramePool pool = new(Formats.Plain(16, 16), 1);
        CancellationToken stop = TestContext.Current.CancellationToken;
        Frame first = pool.Rent(stop);
        Task<Frame> second = Task.Run(() => pool.Rent(stop), stop);
        Assert.False(second.IsCompleted);
        pool.Return(first);
        Assert.Same(first, await second);
        Assert.Equal(1, pool.Rented);
        pool.Return(first);
        Assert.Equal(0, pool.Rented);
    }

    [Fact]
    public void Rent_Cancelled_Throws()
    {
        using FramePool pool = new(Formats.Plain(16, 16), 1);
        Frame frame = pool.Rent(TestContext.Current.CancellationToken);
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => pool.Rent(stop.Token));
        pool.Return(frame);
    }

    [Fact]
    public unsafe void Plane_OddSizes_FollowOneAnother()
    {
        foreach (FrameFormat format in Formats.All(13, 7))
        {
            using OwnedFrame owned = new(format);
            fixed (byte* y = owned.Frame.Plane(0))
            fixed (byte* u = owned.Frame.Plane(1))
            fixed (byte* v = owned.Frame.Plane(2))
            {
                Assert.Equal(0, (nint)y % 64);
                Assert.Equal(13 * 7 * format.BytesPerSample, u - y);
                int chromaWidth = format.Chroma == ChromaLayout.Yuv444 ? 13 : 7;
                int chromaHeight = format.Chroma == ChromaLayout.Yuv420 ? 4 : 7;
                Assert.Equal(chromaWidth * chromaHeight * format.BytesPerSample, v - u);
            }

            Assert.Equal(format.FrameBytes, owned.Frame.Bytes.Length);
        }
    }
}
