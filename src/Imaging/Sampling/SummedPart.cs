using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Patches;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>
/// The part of a frame that a minified crop needs, each plane prepared as its own step asks for: that of the crop's shorter axis, in
/// samples of the plane. The part begins where blocks of the whole frame begin, so that what a block holds does not depend on where the
/// crop lies.
/// </summary>
internal readonly unsafe struct SummedPart
{
    /// <summary>Sums kept around what the crop covers, so that no tap comes near a cut edge.</summary>
    private const int Margin = 4;

    /// <summary>Words behind the last one that may be read.</summary>
    private const int Slack = 4;

    /// <summary>From crop pixels to luma samples of <see cref="Planes"/>.</summary>
    public readonly AffineMatrix Matrix;
    public readonly SampledPlanes Planes;

    private readonly PixelRect _luma;
    private readonly PixelRect _chroma;
    private readonly int _stride;
    private readonly int _chromaStride;

    /// <param name="format">The frame's.</param>
    /// <param name="cropToFrame">From crop pixels to frame pixels.</param>
    /// <param name="width">Of the crop.</param>
    /// <param name="height">Of the crop.</param>
    public SummedPart(FrameFormat format, in AffineMatrix cropToFrame, int width, int height)
    {
        ChromaGrid grid = ChromaGrid.Of(format);
        PlaneSums luma = PlaneSums.For(Step(cropToFrame, 1, 1), PlaneSums.LumaPlain, format.BitDepth);
        PlaneSums chroma = PlaneSums.For(
            Step(cropToFrame, grid.ScaleX, grid.ScaleY),
            PlaneSums.ChromaPlain,
            format.BitDepth
        );
        int block = 1 << luma.Halvings;
        float back = 1f / block;
        _stride = format.Width;
        _chromaStride = format.ChromaWidth;
        _luma = BlockRect.Around(format, cropToFrame, width, height, block, Margin);
        _chroma = _luma.Shrunk((int)(1 / grid.ScaleX), (int)(1 / grid.ScaleY));
        Matrix = new(
            cropToFrame.A * back,
            cropToFrame.B * back,
            ((cropToFrame.C - _luma.X + 0.5f) * back) - 0.5f - luma.Shift,
            cropToFrame.D * back,
            cropToFrame.E * back,
            ((cropToFrame.F - _luma.Y + 0.5f) * back) - 0.5f - luma.Shift
        );
        PixelRect lumaSums = Halved(_luma, luma.Halvings);
        PixelRect chromaSums = Halved(_chroma, chroma.Halvings);
        Planes = new(
            lumaSums.Width,
            lumaSums.Height,
            chromaSums.Width,
            chromaSums.Height,
            Prepared(grid, luma, chroma),
            luma,
            chroma,
            ((format.Width - _luma.X) * back) - luma.Shift,
            ((format.Height - _luma.Y) * back) - luma.Shift
        );
    }

    /// <summary>Words that the luma plane needs while it is made.</summary>
    public int LumaWords => Words(_luma, Planes.Luma);

    /// <summary>Words that each chroma plane needs while it is made.</summary>
    public int ChromaWords => Words(_chroma, Planes.Cbcr);

    /// <summary>Fills the planes from a frame's.</summary>
    public void Fill<T, TKind>(T* luma, T* u, T* v, ushort* intoLuma, ushort* intoU, ushort* intoV)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        Fill<T, TKind>(luma, _luma, _stride, Planes.Luma, intoLuma);
        Fill<T, TKind>(u, _chroma, _chromaStride, Planes.Cbcr, intoU);
        Fill<T, TKind>(v, _chroma, _chromaStride, Planes.Cbcr, intoV);
    }

    private static void Fill<T, TKind>(T* plane, in PixelRect part, int stride, PlaneSums sums, ushort* into)
        where T : unmanaged
        where TKind : ISampleKind<T> =>
        Summing.Apply<T, TKind>(plane + ((nint)part.Y * stride) + part.X, stride, part.Width, part.Height, sums, into);

    private static int Words(in PixelRect part, PlaneSums sums) =>
        Halved(part, Math.Min(sums.Halvings, 1)).Area + Slack;

    private static PixelRect Halved(in PixelRect part, int times) => part.Shrunk(1 << times, 1 << times);

    /// <summary>
    /// Where a place of the prepared luma lies on the prepared chroma: place p of a plane halved n times is
    /// <c>2ⁿ · (p + shift + ½) − ½</c> of the part's own, which begin together.
    /// </summary>
    private static ChromaGrid Prepared(in ChromaGrid grid, PlaneSums luma, PlaneSums chroma)
    {
        float back = 1f / (1 << chroma.Halvings);
        float wide = 1 << luma.Halvings;
        float start = (wide * (luma.Shift + 0.5f)) - 0.5f;
        return new(
            grid.ScaleX * wide * back,
            (((grid.ScaleX * start) + grid.ShiftX + 0.5f) * back) - 0.5f - chroma.Shift,
            grid.ScaleY * wide * back,
            (((grid.ScaleY * start) + grid.ShiftY + 0.5f) * back) - 0.5f - chroma.Shift
        );
    }

    private static float Step(in AffineMatrix matrix, float scaleX, float scaleY) =>
        Math.Min(
            TapGrid.Length(matrix.A * scaleX, matrix.D * scaleY),
            TapGrid.Length(matrix.B * scaleX, matrix.E * scaleY)
        );
}
