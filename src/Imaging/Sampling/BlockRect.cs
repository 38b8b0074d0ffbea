using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>Parts of planes that consist of whole blocks.</summary>
internal static class BlockRect
{
    /// <summary>
    /// The luma samples of a frame that a crop covers and <paramref name="margin"/> blocks of <paramref name="block"/> × block samples
    /// around it, begun and ended at every second block, so that subsampled chroma has whole blocks, too; only the frame's edge cuts one.
    /// Never empty: where the crop lies beyond the frame it is what is nearest.
    /// </summary>
    public static PixelRect Around(
        FrameFormat format,
        in AffineMatrix cropToFrame,
        int width,
        int height,
        int block,
        int margin
    )
    {
        (float left, float top, float right, float bottom) = SamplingPlan.Bounds(cropToFrame, width, height);
        (int x, int wide) = Along(left, right, block, margin, format.Width);
        (int y, int high) = Along(top, bottom, block, margin, format.Height);
        return new(x, y, wide, high);
    }

    /// <summary>The same part of a plane with so many times fewer samples, of which the last may stand for fewer.</summary>
    public static PixelRect Shrunk(this in PixelRect rect, int wide, int high) =>
        new(rect.X / wide, rect.Y / high, (rect.Width + wide - 1) / wide, (rect.Height + high - 1) / high);

    private static (int Start, int Length) Along(float low, float high, int block, int margin, int size)
    {
        int pair = 2 * block;
        float around = margin * block;
        int start = (int)Math.Clamp(low - around, 0, size - 1) / pair * pair;
        int end = ((int)Math.Clamp(high + around, start, size) / pair * pair) + pair;
        return (start, Math.Min(end, size) - start);
    }
}
