using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>Lifts a region of a frame out as floats at luma resolution, in the frame's own YUV, for <see cref="PasteBack"/> to put back.</summary>
public static unsafe partial class PatchReader
{
    /// <summary>
    /// Fills three planes of height × width floats: <paramref name="y"/> 0..255 and <paramref name="cb"/>, <paramref name="cr"/> around 0
    /// (±127.5), all full range whatever the frame's range and depth, by the frame's own matrix. Chroma is raised to luma resolution
    /// bilinearly at its siting. What lies outside the frame repeats the edge.
    /// </summary>
    /// <exception cref="ArgumentException">A span is shorter than the region.</exception>
    public static void Read(Frame frame, PixelRect region, Span<float> y, Span<float> cb, Span<float> cr)
    {
        if (region.IsEmpty)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, region.Area, nameof(y));
        ArgumentOutOfRangeException.ThrowIfLessThan(cb.Length, region.Area, nameof(cb));
        ArgumentOutOfRangeException.ThrowIfLessThan(cr.Length, region.Area, nameof(cr));
        if (frame.Format.BitDepth > 8)
        {
            Run<ushort, WordSamples>(frame, region, y, cb, cr);
        }
        else
        {
            Run<byte, ByteSamples>(frame, region, y, cb, cr);
        }
    }

    private static void Run<T, TKind>(Frame frame, PixelRect region, Span<float> y, Span<float> cb, Span<float> cr)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        SampleRange range = SampleRange.Of(frame.Format);
        fixed (byte* luma = frame.Plane(0))
        fixed (byte* u = frame.Plane(1))
        fixed (byte* v = frame.Plane(2))
        {
            if (!Lanes.Fast || region.X >= frame.Format.Width || region.Right <= 0)
            {
                ReadLumaScalar<T, TKind>((T*)luma, frame.Format, region, range, y);
                ReadChromaScalar<T, TKind>((T*)u, frame.Format, region, range, cb);
                ReadChromaScalar<T, TKind>((T*)v, frame.Format, region, range, cr);
                return;
            }

            fixed (float* intoY = y)
            fixed (float* intoCb = cb)
            fixed (float* intoCr = cr)
            {
                ReadLumaVector<T, TKind>((T*)luma, frame.Format, region, range, intoY);
                ReadChromaVector<T, TKind>((T*)u, frame.Format, region, range, intoCb);
                ReadChromaVector<T, TKind>((T*)v, frame.Format, region, range, intoCr);
            }
        }
    }
}
