using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Color;

public sealed class ColorConversionTests
{
    [Fact]
    public void Convert_ThereAndBack_IsTheSame()
    {
        foreach (YuvMatrix matrix in Enum.GetValues<YuvMatrix>())
        {
            for (int count = 0; count <= 40; count++)
            {
                (float[] r, float[] g, float[] b) = (Random(count, 1), Random(count, 2), Random(count, 3));
                (float[] y, float[] cb, float[] cr) = ([.. r], [.. g], [.. b]);
                RgbToYuv.Convert(matrix, y, cb, cr, y, cb, cr);
                YuvToRgb.Convert(matrix, y, cb, cr, y, cb, cr);
                for (int i = 0; i < count; i++)
                {
                    Assert.Equal(r[i], y[i], 1e-3f);
                    Assert.Equal(g[i], cb[i], 1e-3f);
                    Assert.Equal(b[i], cr[i], 1e-3f);
                }
            }
        }
    }

    [Fact]
    public void Convert_AnyLength_EqualsTheSpecification()
    {
        YuvCoefficients yuv = YuvCoefficients.Of(YuvMatrix.Bt709);
        for (int count = 0; count <= 130; count++)
        {
            (float[] a, float[] b, float[] c) = (Random(count, 1), Random(count, 2), Random(count, 3));
            float[][] fast = [new float[count], new float[count], new float[count]];
            float[][] slow = [new float[count], new float[count], new float[count]];
            YuvToRgb.Convert(YuvMatrix.Bt709, a, b, c, fast[0], fast[1], fast[2]);
            YuvToRgb.ConvertScalar(yuv, a, b, c, slow[0], slow[1], slow[2]);
            Assert.Equal(slow, fast);
            RgbToYuv.Convert(YuvMatrix.Bt709, a, b, c, fast[0], fast[1], fast[2]);
            RgbToYuv.ConvertScalar(yuv, a, b, c, slow[0], slow[1], slow[2]);
            Assert.Equal(slow, fast);
        }
    }

    [Fact]
    public void Convert_White_HasNoChroma()
    {
        float[] y = [255],
            cb = [255],
            cr = [255];
        RgbToYuv.Convert(YuvMatrix.Bt2020, y, cb, cr, y, cb, cr);
        Assert.Equal(255, y[0], 1e-3f);
        Assert.Equal(0, cb[0], 1e-3f);
        Assert.Equal(0, cr[0], 1e-3f);
    }

    [Fact]
    public void Convert_ShortSpan_IsRefused() =>
        Assert.ThrowsAny<ArgumentException>(() =>
            RgbToYuv.Convert(
                YuvMatrix.Bt709,
                new float[9],
                new float[8],
                new float[9],
                new float[9],
                new float[9],
                new float[9]
            )
        );

    [Fact]
    public void Convert_Twice_AllocatesNothing()
    {
        float[] plane = Random(1000, 1);
        Assert.Equal(
            0,
            Allocations.Of(() => YuvToRgb.Convert(YuvMatrix.Bt709, plane, plane, plane, plane, plane, plane))
        );
    }

    private static float[] Random(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 255 * random.NextSingle())];
    }
}
