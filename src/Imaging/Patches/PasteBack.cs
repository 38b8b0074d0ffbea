using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>Blends a patch into a frame. What the mask leaves out keeps its bytes.</summary>
public static unsafe partial class PasteBack
{
    /// <summary>
    /// <c>frame = frame + mask · strength · (patch − frame)</c> in each plane, rounded to nearest. The patch is in the spaces of
    /// <see cref="PatchReader.Read"/>, the mask 0..1 (clamped), all height × width. A chroma sample takes the mean of the patch around
    /// its siting, weighted by the mask. A luma sample with mask 0, and a chroma sample whose luma samples all have mask 0, is not
    /// written; nor is what lies outside the frame.
    /// </summary>
    /// <exception cref="ArgumentException">A span is shorter than the region.</exception>
    public static void Blend(
        Frame frame,
        PixelRect region,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> cb,
        ReadOnlySpan<float> cr,
        ReadOnlySpan<float> mask,
        float strength
    )
    {
        if (region.IsEmpty)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, region.Area, nameof(y));
        ArgumentOutOfRangeException.ThrowIfLessThan(cb.Length, region.Area, nameof(cb));
        ArgumentOutOfRangeException.ThrowIfLessThan(cr.Length, region.Area, nameof(cr));
        ArgumentOutOfRangeException.ThrowIfLessThan(mask.Length, region.Area, nameof(mask));
        BlendRows(frame, region, region, y, cb, cr, mask, strength);
    }

    /// <summary>As <see cref="Blend"/>, of which only the rows of <paramref name="kept"/> are written; the others are there to be read.</summary>
    private static void BlendRows(
        Frame frame,
        PixelRect region,
        PixelRect kept,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> cb,
        ReadOnlySpan<float> cr,
        ReadOnlySpan<float> mask,
        float strength
    )
    {
        if (frame.Format.BitDepth > 8)
        {
            Run<ushort, WordSamples>(frame, region, kept, y, cb, cr, mask, strength);
        }
        else
        {
            Run<byte, ByteSamples>(frame, region, kept, y, cb, cr, mask, strength);
        }
    }

    private static void Run<T, TKind>(
        Frame frame,
        PixelRect region,
        PixelRect kept,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> cb,
        ReadOnlySpan<float> cr,
        ReadOnlySpan<float> mask,
        float strength
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        FrameFormat format = frame.Format;
        PixelRect inside = region.Clip(format.Width, format.Height);
        if (inside.IsEmpty)
        {
            return;
        }

        fixed (byte* luma = frame.Plane(0))
        fixed (byte* u = frame.Plane(1))
        fixed (byte* v = frame.Plane(2))
        fixed (float* patchY = y)
        fixed (float* patchCb = cb)
        fixed (float* patchCr = cr)
        fixed (float* weights = mask)
        {
            BlendPlan plan = new(
                format,
                region,
                inside,
                kept.Clip(format.Width, format.Height),
                patchY,
                patchCb,
                patchCr,
                weights,
                strength
            );
            if (Lanes.Fast)
            {
                BlendLumaVector<T, TKind>((T*)luma, plan);
                BlendChromaVector<T, TKind>((T*)u, (T*)v, plan);
            }
            else
            {
                BlendLumaScalar<T, TKind>((T*)luma, plan);
                BlendChromaScalar<T, TKind>((T*)u, (T*)v, plan);
            }
        }
    }
}
