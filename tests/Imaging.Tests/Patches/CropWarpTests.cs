using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Imaging.Tests.Patches;

public sealed class CropWarpTests
{
    /// <summary>Enlarged, of one size, with 2 and with 5 taps in each direction, turned, and partly beyond the frame's edge.</summary>
    [Theory]
    [InlineData(60, 0.0f, 44)]
    [InlineData(170, 0.35f, 44)]
    [InlineData(61, -2.1f, 3)]
    [InlineData(33, 0.8f, 97)]
    [InlineData(14, 3.0f, 44)]
    public void WarpVector_AnyPlace_HasTheBitsOfTheScalar(float size, float angle, float x)
    {
        foreach ((int width, int height) in ((int, int)[])[(64, 64), (37, 51), (1, 9), (9, 1)])
        {
            AffineMatrix toFrame = AffineMatrix.CropToFrame(x, 40.7f, size, angle, Math.Max(width, height));
            PixelRect region = PasteBack.CropRegion(Support.Formats.Plain(120, 90), toFrame, width, height);
            WarpPlan plan = new(toFrame.Invert(), region, width, height);
            (float[] rgb, float[] mask) = Noise(width * height);

            float[] scalar = Warp(plan, rgb, mask, isVector: false);
            float[] vector = Warp(plan, rgb, mask, isVector: true);

            Assert.True(width < 64 || scalar.Any(value => value > 0));
            Assert.Equal(scalar.Select(BitConverter.SingleToInt32Bits), vector.Select(BitConverter.SingleToInt32Bits));
        }
    }

    private static (float[] Rgb, float[] Mask) Noise(int plane)
    {
        Random random = new(plane);
        float[] rgb = [.. Enumerable.Range(0, 3 * plane).Select(_ => 255 * random.NextSingle())];
        // A mask has holes, and what a network said may be no number there.
        float[] mask = [.. Enumerable.Range(0, plane).Select(i => i % 5 == 0 ? 0 : random.NextSingle())];
        mask[plane / 2] = float.NaN;
        return (rgb, mask);
    }

    /// <summary>Y, Cb, Cr and weight of every pixel of the region.</summary>
    internal static unsafe float[] Warp(in WarpPlan plan, float[] rgb, float[] mask, bool isVector)
    {
        int area = plan.Region.Area;
        float[] result = new float[4 * area];
        float[] pixels = new float[PasteBack.MixedFloats(plan.Width, plan.Height)];
        fixed (float* crop = rgb)
        fixed (float* masked = mask)
        fixed (float* mixed = pixels)
        fixed (float* into = result)
        {
            WarpTarget target = new(into, into + (3 * area), area);
            if (isVector)
            {
                PasteBack.MixPlanes(crop, masked, plan.Width, plan.Height, mixed);
                PasteBack.WarpVector(plan, crop, masked, mixed, target);
            }
            else
            {
                PasteBack.WarpScalar(plan, crop, masked, target);
            }
        }

        return result;
    }
}
