using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Imaging.Tests.Patches;

public sealed class CropWarpTests
{
    /// <summary>Enlarged, of one size, with 2 and with 5 taps in each direction, turned, and partly beyond the frame's edge.</summary>
    [Theory]
    [InlineData(60, 0.0f, 44)]
    [InlineData(170, 0.35f, 44)]
    [InlineData(170, 0.6f, 44)]
    [InlineData(170, -0.6f, 60)]
    [InlineData(170, 2.8f, 60)]
    [InlineData(170, 1.4f, 60)]
    [InlineData(110, -0.8f, 60)]
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

            float[] scalar = Warp(plan, rgb, mask, PasteBack.WarpScalar);
            float[] eight = Warp(plan, rgb, mask, WarpEight);

            Assert.True(width < 64 || scalar.Any(value => value > 0));
            Assert.Equal(scalar.Select(BitConverter.SingleToInt32Bits), eight.Select(BitConverter.SingleToInt32Bits));
            if (PasteBack.IsWide(plan))
            {
                float[] wide = Warp(plan, rgb, mask, PasteBack.WarpWide);
                Assert.Equal(
                    scalar.Select(BitConverter.SingleToInt32Bits),
                    wide.Select(BitConverter.SingleToInt32Bits)
                );
            }
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

    internal delegate void WarpKernel(in WarpPlan plan, in CropPlanes crop, in WarpTarget target);

    /// <summary>Y, Cb, Cr and weight of every pixel of the region.</summary>
    internal static unsafe float[] Warp(
        in WarpPlan plan,
        float[] rgb,
        float[] mask,
        WarpKernel kernel,
        YuvMatrix matrix = YuvMatrix.Bt709
    )
    {
        int area = plan.Region.Area;
        float[] result = new float[4 * area];
        // What was not written must not be seen.
        float[] planes = new float[CropPlanes.Floats(plan.Width, plan.Height)];
        planes.AsSpan().Fill(float.NaN);
        fixed (float* memory = planes)
        fixed (float* into = result)
        {
            CropPlanes crop = new(memory, plan.Width, plan.Height);
            crop.Fill(matrix, rgb, mask);
            kernel(plan, crop, new WarpTarget(into, area));
        }

        return result;
    }

    private static unsafe void WarpEight(in WarpPlan plan, in CropPlanes crop, in WarpTarget target)
    {
        fixed (float* mixed = new float[PasteBack.MixedFloats(plan.Width, plan.Height)])
        {
            PasteBack.MixPlanes(crop, mixed);
            PasteBack.WarpVector(plan, crop, mixed, target);
        }
    }
}
