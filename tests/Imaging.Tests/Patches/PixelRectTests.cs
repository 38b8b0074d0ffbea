using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Imaging.Tests.Patches;

public sealed class PixelRectTests
{
    [Fact]
    public void Clip_AcrossEdges_IsTheSharedPart()
    {
        Assert.Equal(new PixelRect(0, 0, 5, 6), new PixelRect(-5, -4, 10, 10).Clip(20, 20));
        Assert.Equal(new PixelRect(15, 18, 5, 2), new PixelRect(15, 18, 10, 10).Clip(20, 20));
        Assert.True(new PixelRect(20, 0, 5, 5).Clip(20, 20).IsEmpty);
        Assert.True(new PixelRect(0, -5, 5, 5).Clip(20, 20).IsEmpty);
        Assert.Equal(new PixelRect(3, 0, 17, 20), new PixelRect(3, 0, int.MaxValue, int.MaxValue).Clip(20, 20));
    }

    [Fact]
    public void Around_Bounds_HoldsThem()
    {
        Assert.Equal(new PixelRect(2, 3, 5, 4), PixelRect.Around(2.4f, 3, 5.1f, 6, 20, 20));
        Assert.True(PixelRect.Around(float.NaN, 0, 5, 5, 20, 20).IsEmpty);
        Assert.True(PixelRect.Around(0, 0, 5, float.NaN, 20, 20).IsEmpty);
        Assert.True(PixelRect.Around(30, 30, 40, 40, 20, 20).IsEmpty);
        Assert.True(PixelRect.Around(-30, -30, -4, -4, 20, 20).IsEmpty);
        Assert.Equal(new PixelRect(0, 0, 20, 20), PixelRect.Around(-1e30f, -1e30f, 1e30f, 1e30f, 20, 20));
    }
}
