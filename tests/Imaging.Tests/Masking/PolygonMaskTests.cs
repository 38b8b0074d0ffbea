using FaceFusion.Batch.Imaging.Masking;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Masking;

public sealed class PolygonMaskTests
{
    [Fact]
    public void Fill_BoxBetweenPixels_CoversByArea()
    {
        float[] mask = new float[10 * 10];

        // Pixel (2, 3) covers 1.5..2.5 and 2.5..3.5: the box leaves three quarters of its width out.
        PolygonMask.Fill([2.25f, 2.5f, 6.5f, 2.5f, 6.5f, 7, 2.25f, 7], mask, 10, 10, 1);
        Assert.Equal(0, mask[(5 * 10) + 1]);
        Assert.Equal(0.25f, mask[(5 * 10) + 2], 1e-5f);
        Assert.Equal(1, mask[(5 * 10) + 3], 1e-5f);
        Assert.Equal(1, mask[(5 * 10) + 6], 1e-5f);
        Assert.Equal(0, mask[(5 * 10) + 7]);
        Assert.Equal(0, mask[(2 * 10) + 4]);
        Assert.Equal(1, mask[(3 * 10) + 4], 1e-5f);
        Assert.Equal(0.5f, mask[(7 * 10) + 4], 1e-5f);
        Assert.Equal(0, mask[(8 * 10) + 4]);
    }

    [Fact]
    public void Fill_Circle_HasItsArea()
    {
        float[] corners = new float[256];
        for (int i = 0; i < 128; i++)
        {
            corners[2 * i] = 30 + (20.3f * MathF.Cos(i * MathF.Tau / 128));
            corners[(2 * i) + 1] = 31.5f + (20.3f * MathF.Sin(i * MathF.Tau / 128));
        }

        float[] mask = new float[64 * 64];
        PolygonMask.Fill(corners, mask, 64, 64, 0.5f);
        Assert.Equal(0.5 * Math.PI * 20.3 * 20.3, mask.Sum(), 3.0);
    }

    [Fact]
    public void Fill_Twice_AddsUpToOne()
    {
        float[] mask = new float[25];
        float[] box = [-10, -10, 20, -10, 20, 20, -10, 20];
        PolygonMask.Fill(box, mask, 5, 5, 0.7f);
        Assert.All(mask, value => Assert.Equal(0.7f, value, 1e-5f));
        PolygonMask.Fill(box, mask, 5, 5, 0.7f);
        Assert.All(mask, value => Assert.Equal(1, value));
    }

    [Fact]
    public void Fill_OutsideOrNotFinite_DrawsNothing()
    {
        float[] mask = new float[25];
        PolygonMask.Fill([float.NaN, 0, 5, 0, 5, 5], mask, 5, 5, 1);
        PolygonMask.Fill([0, 0, float.PositiveInfinity, 0, 5, 5], mask, 5, 5, 1);
        PolygonMask.Fill([100, 100, 200, 100, 150, 200], mask, 5, 5, 1);
        PolygonMask.Fill([-100, 1, -50, 1, -70, 3], mask, 5, 5, 1);
        PolygonMask.Fill([1, 1, 3, 3], mask, 5, 5, 1);
        Assert.All(mask, value => Assert.Equal(0, value));
        PolygonMask.Fill([-1e30f, -1e30f, 1e30f, -1e30f, 0, 1e30f], mask, 5, 5, 1);
        Assert.All(mask, value => Assert.InRange(value, 0, 1));
    }

    [Fact]
    public void Fill_Again_AllocatesNothing()
    {
        float[] mask = new float[100 * 100];
        float[] corners = [10, 10, 80, 15, 60, 90, 20, 70];
        Assert.Equal(0, Allocations.Of(() => PolygonMask.Fill(corners, mask, 100, 100, 0.1f)));
    }
}
