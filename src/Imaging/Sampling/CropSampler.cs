using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>Cuts a crop out of a frame's planes, straight into the planar RGB floats a model takes.</summary>
public static unsafe partial class CropSampler
{
    /// <summary>
    /// Fills <paramref name="rgb"/> (3 × height × width: all R, all G, all B) with the pixels that <paramref name="cropToFrame"/> maps into
    /// the frame: full-range values 0..255 by the frame's matrix and range, at any bit depth, times <paramref name="scale"/> plus
    /// <paramref name="offset"/>. Bilinear, chroma at its siting; where a crop pixel spans more than 1.5 frame pixels
    /// <paramref name="taps"/> decides, outside the frame <paramref name="border"/>. A matrix that is not finite, or so large that floats
    /// lose the pixel, gives a black crop.
    /// </summary>
    /// <remarks>
    /// With <see cref="CropTaps.Mean"/> each plane is tapped by its own step s, the samples from a crop pixel to the next, k × k times:
    /// <c>k = ⌈s − ½⌉</c> over the pixel. A crop that is turned and takes more than 2.5 luma samples a pixel is read from sums instead, so
    /// that 2 × 2 taps do at any scale: the plane is halved n times until <c>s / 2ⁿ ≤ 5</c>, each sample is added to its neighbours, and
    /// the taps are drawn together until the whole is as wide as the pixel (<c>PlaneSums</c> has the formula). Chroma with half the
    /// samples in each direction needs a quarter of the taps.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="rgb"/> is too short, or the size is not positive.</exception>
    public static void ToRgb(
        Frame frame,
        in AffineMatrix cropToFrame,
        int width,
        int height,
        float scale,
        float offset,
        Span<float> rgb,
        CropBorder border = CropBorder.Black,
        CropTaps taps = CropTaps.Mean
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rgb.Length, 3 * width * height, nameof(rgb));
        if (!SamplingPlan.IsUsable(cropToFrame))
        {
            rgb[..(3 * width * height)].Fill(offset);
            return;
        }

        SamplingPlan plan = new(frame.Format, cropToFrame, scale, offset, border, taps);
        SummedPart part = default;
        bool sums = taps == CropTaps.Mean && !IsSeparable(plan);
        if (sums)
        {
            part = new(frame.Format, cropToFrame, width, height);
            sums = part.Planes.Luma.Paired;
        }

        if (sums)
        {
            plan = new(frame.Format, part.Planes, part.Matrix, scale, offset, border, taps);
        }

        switch (frame.Format.BitDepth > 8, sums)
        {
            case (false, false):
                Run<byte, ByteSamples>(frame, plan, width, height, rgb);
                break;
            case (true, false):
                Run<ushort, WordSamples>(frame, plan, width, height, rgb);
                break;
            case (false, true):
                RunSummed<byte, ByteSamples>(frame, part, plan, width, height, rgb);
                break;
            default:
                RunSummed<ushort, WordSamples>(frame, part, plan, width, height, rgb);
                break;
        }
    }

    private static void RunSummed<T, TKind>(
        Frame frame,
        in SummedPart part,
        in SamplingPlan plan,
        int width,
        int height,
        Span<float> rgb
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int words = part.LumaWords + (2 * part.ChromaWords);
        fixed (byte* luma = frame.Plane(0))
        fixed (byte* u = frame.Plane(1))
        fixed (byte* v = frame.Plane(2))
        fixed (float* memory = RowScratch.RentOuter((words + 1) / 2))
        fixed (float* into = rgb)
        {
            ushort* sumsOfLuma = (ushort*)memory;
            ushort* sumsOfU = sumsOfLuma + part.LumaWords;
            ushort* sumsOfV = sumsOfU + part.ChromaWords;
            part.Fill<T, TKind>((T*)luma, (T*)u, (T*)v, sumsOfLuma, sumsOfU, sumsOfV);
            Rows<ushort, WordSamples>(sumsOfLuma, sumsOfU, sumsOfV, plan, width, height, into);
        }
    }

    private static void Run<T, TKind>(Frame frame, in SamplingPlan plan, int width, int height, Span<float> rgb)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        fixed (byte* luma = frame.Plane(0))
        fixed (byte* u = frame.Plane(1))
        fixed (byte* v = frame.Plane(2))
        fixed (float* into = rgb)
        {
            if (Lanes.Fast && IsSeparable(plan))
            {
                SeparableRows<T, TKind>((T*)luma, (T*)u, (T*)v, plan, width, height, into);
                return;
            }

            Rows<T, TKind>((T*)luma, (T*)u, (T*)v, plan, width, height, into);
        }
    }

    private static void Rows<T, TKind>(T* luma, T* u, T* v, in SamplingPlan plan, int width, int height, float* rgb)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int done = Lanes.Fast ? VectorRows<T, TKind>(luma, u, v, plan, width, height, rgb) : 0;
        ScalarRows<T, TKind>(luma, u, v, plan, width, height, rgb, done);
    }
}
