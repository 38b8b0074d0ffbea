using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Patches;
using FaceFusion.Batch.Imaging.Sampling;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Patches;

public sealed class BlendCropTests
{
    [Fact]
    public void BlendCrop_CropAsSampled_ChangesNoSampleByMoreThanTwoLevels()
    {
        foreach (FrameFormat format in Formats.All(120, 90))
        {
            using OwnedFrame owned = Muted(format);
            using OwnedFrame original = Muted(format);
            AffineMatrix matrix = AffineMatrix.CropToFrame(58.3f, 44.1f, 60, 0.35f, 128);
            float[] rgb = new float[3 * 128 * 128];
            CropSampler.ToRgb(owned.Frame, matrix, 128, 128, 1, 0, rgb);
            PasteBack.BlendCrop(owned.Frame, matrix, 128, 128, rgb, Enumerable.Repeat(1f, 128 * 128).ToArray());
            int allowed = 2 << (format.BitDepth - 8);
            for (int plane = 0; plane < 3; plane++)
            {
                for (int row = 0; row < (plane == 0 ? format.Height : format.ChromaHeight); row++)
                {
                    for (int x = 0; x < (plane == 0 ? format.Width : format.ChromaWidth); x++)
                    {
                        int off = Math.Abs(owned.Sample(plane, x, row) - original.Sample(plane, x, row));
                        if (off > allowed)
                        {
                            Assert.Fail($"{format}: plane {plane} at {x},{row} off by {off}");
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void BlendCrop_LargerThanABand_IsOneBlendOfTheWhole()
    {
        foreach (FrameFormat format in Formats.All(421, 311))
        {
            using OwnedFrame bands = OwnedFrame.Noise(format, 5);
            using OwnedFrame whole = OwnedFrame.Noise(format, 5);
            AffineMatrix matrix = AffineMatrix.CropToFrame(210, 157, 270, 0.4f, 64);
            float[] rgb = [.. Enumerable.Range(0, 3 * 64 * 64).Select(i => i * 37 % 256f)];
            float[] mask = [.. Enumerable.Range(0, 64 * 64).Select(i => i * 13 % 7 / 6f)];
            PixelRect region = PasteBack.CropRegion(format, matrix, 64, 64);
            float[] weights = new float[region.Area];

            PasteBack.BlendCrop(bands.Frame, matrix, 64, 64, rgb, mask);
            PasteBack.CropWeights(format, matrix, 64, 64, mask, weights);

            WarpPlan plan = new(matrix.Invert(), region, 64, 64);
            float[] colors = CropWarpTests.Warp(plan, rgb, mask, PasteBack.WarpScalar, format.Matrix);
            Span<float> y = colors.AsSpan(0, region.Area);
            Span<float> cb = colors.AsSpan(region.Area, region.Area);
            Span<float> cr = colors.AsSpan(2 * region.Area, region.Area);
            Assert.Equal(colors.AsSpan(3 * region.Area).ToArray(), weights);
            PasteBack.Blend(whole.Frame, region, y, cb, cr, weights, 1);
            Assert.Equal(whole.Frame.Bytes.ToArray(), bands.Frame.Bytes.ToArray());
        }
    }

    [Fact]
    public void BlendCrop_MaskZeroOrOutside_KeepsTheBytes()
    {
        using OwnedFrame owned = OwnedFrame.Noise(Formats.Plain(61, 47), 9);
        byte[] before = owned.Frame.Bytes.ToArray();
        float[] rgb = new float[3 * 32 * 32];
        float[] one = Enumerable.Repeat(1f, 32 * 32).ToArray();
        AffineMatrix inside = AffineMatrix.CropToFrame(30, 20, 25, 0.3f, 32);
        PasteBack.BlendCrop(owned.Frame, inside, 32, 32, rgb, new float[32 * 32]);
        PasteBack.BlendCrop(owned.Frame, AffineMatrix.CropToFrame(500, 20, 25, 0.3f, 32), 32, 32, rgb, one);
        PasteBack.BlendCrop(owned.Frame, new AffineMatrix(0, 0, 5, 0, 0, 5), 32, 32, rgb, one);
        PasteBack.BlendCrop(owned.Frame, new AffineMatrix(float.NaN, 0, 5, 0, 1, 5), 32, 32, rgb, one);
        PasteBack.BlendCrop(owned.Frame, new AffineMatrix(1e30f, 0, 5, 0, 1e30f, 5), 32, 32, rgb, one);
        Assert.Equal(before, owned.Frame.Bytes.ToArray());
    }

    [Fact]
    public void BlendCrop_WhiteSquare_LandsWhereTheMatrixSays()
    {
        using OwnedFrame owned = new(Formats.Plain(60, 60));
        owned.Fill((plane, _, _) => plane == 0 ? 16 : 128);
        float[] rgb = Enumerable.Repeat(255f, 3 * 10 * 10).ToArray();
        float[] one = Enumerable.Repeat(1f, 100).ToArray();
        PasteBack.BlendCrop(owned.Frame, new AffineMatrix(2, 0, 20, 0, 2, 30), 10, 10, rgb, one);
        Assert.Equal(235, owned.Sample(0, 20, 30));
        Assert.Equal(235, owned.Sample(0, 38, 48));

        // Half a crop pixel beyond the outermost centre half of it is left, and a whole one beyond nothing.
        Assert.Equal(126, owned.Sample(0, 19, 30));
        Assert.Equal(126, owned.Sample(0, 39, 48));
        Assert.Equal(16, owned.Sample(0, 18, 30));
        Assert.Equal(16, owned.Sample(0, 40, 48));
    }

    [Fact]
    public void BlendCrop_Twice_AllocatesNothing()
    {
        using OwnedFrame owned = OwnedFrame.Waves(Formats.Plain(200, 150), 1);
        float[] rgb = new float[3 * 64 * 64];
        float[] mask = Enumerable.Repeat(0.5f, 64 * 64).ToArray();
        AffineMatrix matrix = AffineMatrix.CropToFrame(100, 70, 90, 0.2f, 64);
        Assert.Equal(0, Allocations.Of(() => PasteBack.BlendCrop(owned.Frame, matrix, 64, 64, rgb, mask)));
    }

    /// <summary>Waves whose colours all lie within RGB.</summary>
    private static OwnedFrame Muted(FrameFormat format)
    {
        OwnedFrame owned = new(format);
        int unit = 1 << (format.BitDepth - 8);
        owned.Fill(
            (plane, x, y) =>
            {
                double step = plane == 0 ? 1 : (double)format.Width / format.ChromaWidth;
                double down = plane == 0 ? 1 : (double)format.Height / format.ChromaHeight;
                double wave = Math.Sin((x * step / 14) + plane) + Math.Cos((y * down / 11) - plane);
                return (int)Math.Round((126 + (wave * (plane == 0 ? 30 : 15))) * unit);
            }
        );
        return owned;
    }
}
