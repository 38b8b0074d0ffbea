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
        if (frame.Format.BitDepth > 8)
        {
            Run<ushort, WordSamples>(frame, plan, width, height, rgb);
        }
        else
        {
            Run<byte, ByteSamples>(frame, plan, width, height, rgb);
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

            int done = Lanes.Fast ? VectorRows<T, TKind>((T*)luma, (T*)u, (T*)v, plan, width, height, into) : 0;
            ScalarRows<T, TKind>((T*)luma, (T*)u, (T*)v, plan, width, height, into, done);
        }
    }
}
