using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>
/// Writes regions that together make a whole frame, such as the tiles of an enlarged one. Undoes <see cref="PatchReader"/>; unlike
/// <see cref="PasteBack"/> it asks nothing of what the frame held before.
/// </summary>
public static unsafe partial class PatchWriter
{
    /// <summary>
    /// Writes the luma samples of <paramref name="kept"/>, and the chroma samples whose first luma sample lies in it, rounded to nearest.
    /// The patch is in the spaces of <see cref="PatchReader.Read"/>, height × width. A chroma sample is the mean of the patch around its
    /// siting; where the patch ends, it repeats its edge. So with a patch that reaches one pixel beyond what is kept (or to the frame's
    /// edge), regions that are kept side by side give what one write of them all would.
    /// </summary>
    /// <param name="patch">What the spans hold; inside the frame.</param>
    /// <param name="kept">What is written; inside the patch.</param>
    /// <exception cref="ArgumentException">A span is shorter than the patch, or a rectangle reaches too far.</exception>
    public static void Write(
        Frame frame,
        PixelRect patch,
        PixelRect kept,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> cb,
        ReadOnlySpan<float> cr
    )
    {
        if (kept.IsEmpty)
        {
            return;
        }

        if (
            patch.Clip(frame.Format.Width, frame.Format.Height) != patch
            || kept.X < patch.X
            || kept.Y < patch.Y
            || kept.Right > patch.Right
            || kept.Bottom > patch.Bottom
        )
        {
            throw new ArgumentException(
                "What is kept lies inside the patch, and the patch inside the frame.",
                nameof(kept)
            );
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, patch.Area, nameof(y));
        ArgumentOutOfRangeException.ThrowIfLessThan(cb.Length, patch.Area, nameof(cb));
        ArgumentOutOfRangeException.ThrowIfLessThan(cr.Length, patch.Area, nameof(cr));
        if (frame.Format.BitDepth > 8)
        {
            Run<ushort, WordSamples>(frame, patch, kept, y, cb, cr);
        }
        else
        {
            Run<byte, ByteSamples>(frame, patch, kept, y, cb, cr);
        }
    }

    private static void Run<T, TKind>(
        Frame frame,
        PixelRect patch,
        PixelRect kept,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> cb,
        ReadOnlySpan<float> cr
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        fixed (byte* luma = frame.Plane(0))
        fixed (byte* u = frame.Plane(1))
        fixed (byte* v = frame.Plane(2))
        fixed (float* fromY = y)
        fixed (float* fromCb = cb)
        fixed (float* fromCr = cr)
        {
            WritePlan plan = new(frame.Format, patch, kept);
            if (Lanes.Fast)
            {
                WriteLumaVector<T, TKind>((T*)luma, plan, fromY);
                WriteChromaVector<T, TKind>((T*)u, plan, fromCb);
                WriteChromaVector<T, TKind>((T*)v, plan, fromCr);
            }
            else
            {
                WriteLumaScalar<T, TKind>((T*)luma, plan, fromY);
                WriteChromaScalar<T, TKind>((T*)u, plan, fromCb);
                WriteChromaScalar<T, TKind>((T*)v, plan, fromCr);
            }
        }
    }
}
