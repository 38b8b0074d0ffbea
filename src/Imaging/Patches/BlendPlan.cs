using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>Everything of a paste that does not change from sample to sample. The pointers are pinned by whoever made it.</summary>
internal readonly unsafe struct BlendPlan(
    FrameFormat format,
    PixelRect region,
    PixelRect inside,
    PixelRect kept,
    float* y,
    float* cb,
    float* cr,
    float* mask,
    float strength
)
{
    public readonly FrameFormat Format = format;

    /// <summary>What the patch covers, and the part of it within the frame.</summary>
    public readonly PixelRect Region = region;
    public readonly PixelRect Inside = inside;

    /// <summary>The rows of <see cref="Inside"/> whose samples are written; a chroma row belongs to its first luma row.</summary>
    public readonly PixelRect Kept = kept;

    public readonly float* Y = y;
    public readonly float* Cb = cb;
    public readonly float* Cr = cr;
    public readonly float* Mask = mask;
    public readonly float Strength = strength;
    public readonly SampleRange Range = SampleRange.Of(format);
    public readonly ChromaTaps Across = ChromaTaps.Horizontal(format);
    public readonly ChromaTaps Down = ChromaTaps.Vertical(format);

    /// <summary>Stored luma and chroma samples per full-range unit.</summary>
    public float LumaUnits => 1 / Range.LumaGain;
    public float ChromaUnits => 1 / Range.ChromaGain;

    /// <summary>Where a frame row starts in the patch, so that adding the frame's column gives the place.</summary>
    public nint RowStart(int row) => ((nint)(row - Region.Y) * Region.Width) - Region.X;
}
