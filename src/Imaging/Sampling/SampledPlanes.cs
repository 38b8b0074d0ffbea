using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>The planes that a crop is read from: a frame's own, or a part of them as sums.</summary>
/// <param name="Width">Luma samples in a row.</param>
/// <param name="Height">Luma rows.</param>
/// <param name="ChromaWidth">Chroma samples in a row.</param>
/// <param name="ChromaHeight">Chroma rows.</param>
/// <param name="Chroma">Where a luma place of these planes lies on their chroma planes.</param>
/// <param name="Luma">How the luma plane was prepared.</param>
/// <param name="Cbcr">How the chroma planes were.</param>
/// <param name="EndX">Where, in these luma samples, the place of a sample behind the frame's last would be.</param>
/// <param name="EndY">The same of a row.</param>
internal readonly record struct SampledPlanes(
    int Width,
    int Height,
    int ChromaWidth,
    int ChromaHeight,
    ChromaGrid Chroma,
    PlaneSums Luma,
    PlaneSums Cbcr,
    float EndX,
    float EndY
)
{
    public static SampledPlanes Of(FrameFormat format) =>
        new(
            format.Width,
            format.Height,
            format.ChromaWidth,
            format.ChromaHeight,
            ChromaGrid.Of(format),
            PlaneSums.None,
            PlaneSums.None,
            format.Width,
            format.Height
        );
}
