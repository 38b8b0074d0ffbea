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

    /// <summary>Against so many points of each pixel that are within or not; stars cross themselves, and all reach beyond the mask.</summary>
    [Theory]
    [InlineData(3, 1)]
    [InlineData(7, 1)]
    [InlineData(7, 3)]
    [InlineData(40, 1)]
    public void Fill_AnyPolygon_CoversWhatLiesWithin(int corners, int step)
    {
        Random random = new(corners + step);
        float[] xy = new float[2 * corners];
        for (int i = 0; i < corners; i++)
        {
            float angle = (i * step * MathF.Tau / corners) + 0.2f;
            float radius = 14 + (8 * random.NextSingle());
            xy[2 * i] = 17.3f + (radius * MathF.Cos(angle));
            xy[(2 * i) + 1] = 12.6f + (radius * MathF.Sin(angle));
        }

        float[] mask = new float[37 * 26];
        PolygonMask.Fill(xy, mask, 37, 26, 1);
        double off = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            float wanted = Within(xy, i % 37, i / 37);
            // Where a star crosses itself within a pixel, it is not exact there.
            float allowed = step == 1 || wanted is 0 or 1 ? 0.02f : 0.6f;
            Assert.True(Math.Abs(mask[i] - wanted) < allowed, $"{i % 37}, {i / 37}: {mask[i]}, {wanted}");
            off += Math.Abs(mask[i] - wanted);
        }

        Assert.InRange(off / mask.Length, 0, step == 1 ? 0.001 : 0.01);
    }

    private static float Within(float[] xy, int column, int row)
    {
        const int Points = 32;
        int within = 0;
        for (int j = 0; j < Points; j++)
        {
            float y = row - 0.5f + ((j + 0.5f) / Points);
            for (int i = 0; i < Points; i++)
            {
                float x = column - 0.5f + ((i + 0.5f) / Points);
                bool isIn = false;
                for (int corner = 0; corner < xy.Length; corner += 2)
                {
                    int other = (corner + 2) % xy.Length;
                    if (xy[corner + 1] <= y != xy[other + 1] <= y)
                    {
                        float share = (y - xy[corner + 1]) / (xy[other + 1] - xy[corner + 1]);
                        isIn ^= xy[corner] + (share * (xy[other] - xy[corner])) > x;
                    }
                }

                within += isIn ? 1 : 0;
            }
        }

        return within / (float)(Points * Points);
    }

    [Fact]
    public void Fill_Outside_IsZeroToTheBit()
    {
        float[] mask = new float[90 * 80];
        float[] corners = [3.1f, 7.7f, 81.3f, 12.9f, 60.4f, 71.3f, 22.2f, 63.8f];
        PolygonMask.Fill(corners, mask, 90, 80, 1);
        for (int row = 0; row < 80; row++)
        {
            Assert.Equal(0, mask[(row * 90) + 1]);
            Assert.Equal(0, mask[(row * 90) + 84]);
        }

        Assert.Equal(1, mask[(40 * 90) + 40]);
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
