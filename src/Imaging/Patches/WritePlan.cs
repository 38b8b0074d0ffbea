using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>Everything of a write that does not change from sample to sample.</summary>
internal readonly struct WritePlan(FrameFormat format, PixelRect patch, PixelRect kept)
{
    public readonly FrameFormat Format = format;
    public readonly PixelRect Patch = patch;
    public readonly PixelRect Kept = kept;
    public readonly SampleRange Range = SampleRange.Of(format);
    public readonly ChromaTaps Across = ChromaTaps.Horizontal(format);
    public readonly ChromaTaps Down = ChromaTaps.Vertical(format);

    /// <summary>Stored luma and chroma samples per full-range unit.</summary>
    public float LumaUnits => 1 / Range.LumaGain;
    public float ChromaUnits => 1 / Range.ChromaGain;

    /// <summary>Chroma samples whose first luma sample is kept.</summary>
    public PixelRect Chroma
    {
        get
        {
            (int x, int width) = Covered(Kept.X, Kept.Right, Across.Step);
            (int y, int height) = Covered(Kept.Y, Kept.Bottom, Down.Step);
            return new(x, y, width, height);
        }
    }

    /// <summary>Where a frame row (or the patch's nearest) starts in the patch, so that adding the frame's column gives the place.</summary>
    public nint RowStart(int row) =>
        ((nint)(Math.Clamp(row, Patch.Y, Patch.Bottom - 1) - Patch.Y) * Patch.Width) - Patch.X;

    /// <summary>A frame column, or the patch's nearest.</summary>
    public int Column(int column) => Math.Clamp(column, Patch.X, Patch.Right - 1);

    private static (int First, int Count) Covered(int start, int end, int step)
    {
        int first = (start + step - 1) / step;
        return (first, Math.Max(((end - 1) / step) + 1 - first, 0));
    }
}
