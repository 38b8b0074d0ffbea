using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Sampling;

public sealed class CropSamplerTests
{
    [Theory]
    [InlineData(YuvMatrix.Bt601, false, 81, 90, 240, 255, 0, 0)]
    [InlineData(YuvMatrix.Bt709, false, 63, 102, 240, 255, 0, 0)]
    [InlineData(YuvMatrix.Bt709, false, 173, 42, 26, 0, 255, 0)]
    [InlineData(YuvMatrix.Bt2020, false, 235, 128, 128, 255, 255, 255)]
    [InlineData(YuvMatrix.Bt601, true, 29, 255, 107, 0, 0, 255)]
    [InlineData(YuvMatrix.Bt601, true, 0, 128, 128, 0, 0, 0)]
    public void ToRgb_KnownColours_AreThoseOfTheStandards(
        YuvMatrix matrix,
        bool fullRange,
        int y,
        int u,
        int v,
        float red,
        float green,
        float blue
    )
    {
        foreach (int depth in (int[])[8, 10])
        {
            int unit = 1 << (depth - 8);
            FrameFormat format = new(9, 7, ChromaLayout.Yuv420, depth, matrix, fullRange, ChromaSiting.Left);
            using OwnedFrame owned = new(format);
            owned.Fill(
                (plane, _, _) =>
                    unit
                    * (
                        plane == 0 ? y
                        : plane == 1 ? u
                        : v
                    )
            );
            float[] rgb = new float[3 * 63];
            CropSampler.ToRgb(owned.Frame, AffineMatrix.Identity, 9, 7, 1, 0, rgb);

            // Code values are rounded colours, and full-range 10 bit is not four times 8 bit: hence two levels.
            Assert.All(rgb[..63], value => Assert.Equal(red, value, 2.5f));
            Assert.All(rgb[63..126], value => Assert.Equal(green, value, 2.5f));
            Assert.All(rgb[126..], value => Assert.Equal(blue, value, 2.5f));
        }
    }

    [Fact]
    [Trait("Needs", "ffmpeg")]
    public void ToRgb_WholeFrame_IsWhatFfmpegConverts()
    {
        foreach (FrameFormat format in Formats.All(98, 62))
        {
            using OwnedFrame owned = OwnedFrame.Waves(format, 3);
            byte[] expected = Swscale.ToGbr(owned.Frame);
            int area = format.Width * format.Height;
            float[] rgb = new float[3 * area];
            CropSampler.ToRgb(owned.Frame, AffineMatrix.Identity, format.Width, format.Height, 1, 0, rgb);

            double sum = 0,
                worst = 0;
            for (int i = 0; i < 3 * area; i++)
            {
                double off = Math.Abs(rgb[(i + area) % (3 * area)] - expected[i]);
                sum += off;
                worst = Math.Max(worst, off);
            }

            // swscale rounds to whole levels, which alone is 0.25 in the mean and 0.5 at worst, and takes 1020, not 1023, for the white
            // of full-range 10 bit.
            Assert.True(sum / (3 * area) < 0.45, $"{format}: mean {sum / (3 * area):0.000}, worst {worst:0.0}");
            Assert.True(worst < 1.3, $"{format}: mean {sum / (3 * area):0.000}, worst {worst:0.0}");
        }
    }

    [Fact]
    public void ToRgb_ScaleAndOffset_AreApplied()
    {
        using OwnedFrame owned = OwnedFrame.Waves(Formats.Plain(40, 30), 1);
        AffineMatrix matrix = AffineMatrix.CropToFrame(20, 15, 25, 0.4f, 16);
        float[] plain = new float[3 * 256];
        float[] scaled = new float[3 * 256];
        CropSampler.ToRgb(owned.Frame, matrix, 16, 16, 1, 0, plain);
        CropSampler.ToRgb(owned.Frame, matrix, 16, 16, 1 / 127.5f, -1, scaled);
        for (int i = 0; i < plain.Length; i++)
        {
            Assert.Equal((plain[i] / 127.5f) - 1, scaled[i], 1e-5f);
        }
    }

    [Fact]
    public void ToRgb_OutsideTheFrame_IsBlackAndTheEdgeBlends()
    {
        using OwnedFrame owned = new(Formats.Plain(20, 10));
        owned.Fill((plane, _, _) => plane == 0 ? 235 : 128);
        float[] rgb = new float[3 * 40 * 30];
        CropSampler.ToRgb(owned.Frame, new AffineMatrix(1, 0, -10.5f, 0, 1, -10), 40, 30, 1, 7, rgb);
        for (int plane = 0; plane < 3; plane++)
        {
            ReadOnlySpan<float> row = rgb.AsSpan((plane * 1200) + (15 * 40), 40);
            Assert.Equal(7, row[0]);
            Assert.Equal(7, row[9]);
            Assert.Equal(7 + 127.5f, row[10], 0.01f);
            Assert.Equal(7 + 255f, row[11], 0.01f);
            Assert.Equal(7 + 255f, row[29], 0.01f);
            Assert.Equal(7 + 127.5f, row[30], 0.01f);
            Assert.Equal(7, row[31]);
            Assert.Equal(7, rgb[(plane * 1200) + (9 * 40) + 20]);
            Assert.Equal(7 + 255f, rgb[(plane * 1200) + (10 * 40) + 20], 0.01f);
            Assert.Equal(7, rgb[(plane * 1200) + (20 * 40) + 20]);
        }
    }

    [Fact]
    public void ToRgb_Replicate_RepeatsTheNearestEdge()
    {
        using OwnedFrame owned = new(new(20, 10, ChromaLayout.Yuv444, 8, YuvMatrix.Bt601, true, ChromaSiting.Center));
        owned.Fill((plane, x, y) => plane == 0 ? (10 * x) + y : 128);
        float[] rgb = new float[3 * 40 * 30];
        CropSampler.ToRgb(
            owned.Frame,
            new AffineMatrix(1, 0, -10.25f, 0, 1, -10),
            40,
            30,
            1,
            0,
            rgb,
            CropBorder.Replicate
        );
        for (int y = 0; y < 30; y++)
        {
            for (int x = 0; x < 40; x++)
            {
                float expected = (10 * Math.Clamp(x - 10.25f, 0, 19)) + Math.Clamp(y - 10, 0, 9);
                Assert.Equal(expected, rgb[(y * 40) + x], 0.01f);
            }
        }
    }

    [Fact]
    public void ToRgb_SingleTap_TakesOneBilinearSampleAtAnyStep()
    {
        using OwnedFrame owned = new(new(80, 80, ChromaLayout.Yuv444, 8, YuvMatrix.Bt601, true, ChromaSiting.Center));
        owned.Fill((plane, x, y) => plane == 0 ? (x + y) % 2 * 200 : 128);
        float[] rgb = new float[3 * 16 * 16];
        AffineMatrix matrix = new(4, 0, 8, 0, 4, 8);
        CropSampler.ToRgb(owned.Frame, matrix, 16, 16, 1, 0, rgb, CropBorder.Replicate, CropTaps.Single);
        Assert.All(rgb, value => Assert.Equal(0, value, 0.01f));
        CropSampler.ToRgb(owned.Frame, matrix, 16, 16, 1, 0, rgb, CropBorder.Replicate, CropTaps.Mean);
        Assert.All(rgb, value => Assert.Equal(100, value, 30f));
    }

    [Theory]
    [InlineData(2.0f)]
    [InlineData(3.7f)]
    [InlineData(10.3f)]
    public void ToRgb_Minified_FineCheckersBecomeGrey(float step)
    {
        using OwnedFrame owned = new(Formats.Plain(240, 240));
        owned.Fill(
            (plane, x, y) =>
                plane > 0 ? 128
                : ((x + y) & 1) == 0 ? 16
                : 235
        );
        int size = (int)(200 / step);
        float[] rgb = new float[3 * size * size];
        CropSampler.ToRgb(owned.Frame, new AffineMatrix(step, 0, 15, 0, step, 15), size, size, 1, 0, rgb);
        Assert.All(rgb, value => Assert.Equal(127.5f, value, 25f));
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(0, float.PositiveInfinity)]
    [InlineData(1e30f, 0)]
    [InlineData(1, float.NaN)]
    [InlineData(1, 3e38f)]
    public void ToRgb_MatrixNotFiniteOrHuge_GivesBlack(float a, float c)
    {
        using OwnedFrame owned = OwnedFrame.Noise(Formats.Plain(33, 17), 1);
        float[] rgb = new float[3 * 64];
        CropSampler.ToRgb(owned.Frame, new AffineMatrix(a, 0, c, 0, 1, 0), 8, 8, 1, 0.25f, rgb);
        Assert.All(rgb, value => Assert.Equal(0.25f, value));
    }

    [Fact]
    public void ToRgb_SingularMatrix_RepeatsOnePlace()
    {
        using OwnedFrame owned = OwnedFrame.Noise(Formats.Plain(33, 17), 1);
        float[] rgb = new float[3 * 64];
        CropSampler.ToRgb(owned.Frame, new AffineMatrix(0, 0, 5, 0, 0, 6), 8, 8, 1, 0, rgb);
        Assert.All(rgb[..64], value => Assert.Equal(rgb[0], value));
    }

    [Fact]
    public void ToRgb_TooShortOutput_IsRefused()
    {
        using OwnedFrame owned = new(Formats.Plain(33, 17));
        Assert.ThrowsAny<ArgumentException>(() =>
            CropSampler.ToRgb(owned.Frame, AffineMatrix.Identity, 8, 8, 1, 0, new float[(3 * 64) - 1])
        );
    }

    [Fact]
    public void ToRgb_Twice_AllocatesNothing()
    {
        using OwnedFrame owned = OwnedFrame.Waves(Formats.Plain(400, 300), 1);
        float[] rgb = new float[3 * 192 * 192];
        AffineMatrix rotated = AffineMatrix.CropToFrame(200, 150, 260, 0.3f, 192);
        AffineMatrix minified = AffineMatrix.CropToFrame(200, 150, 800, 0.3f, 192);
        AffineMatrix straight = new(2.1f, 0, 0, 0, 2.1f, -20);
        Assert.Equal(0, Allocations.Of(() => CropSampler.ToRgb(owned.Frame, rotated, 192, 192, 1, 0, rgb)));
        Assert.Equal(0, Allocations.Of(() => CropSampler.ToRgb(owned.Frame, minified, 192, 192, 1, 0, rgb)));
        Assert.Equal(0, Allocations.Of(() => CropSampler.ToRgb(owned.Frame, straight, 192, 192, 1, 0, rgb)));
    }
}
