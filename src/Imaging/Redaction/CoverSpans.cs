using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Redaction;

/// <summary>A <see cref="CoverRegion"/> on the grid of one plane: which samples of a row it touches, and how far out in the rim they are.</summary>
internal readonly struct CoverSpans
{
    private readonly CoverRegion _region;

    public CoverSpans(in CoverRegion region, FrameFormat format, int plane)
    {
        _region = region;
        Width = plane == 0 ? format.Width : format.ChromaWidth;
        Height = plane == 0 ? format.Height : format.ChromaHeight;
        StepX = plane > 0 && format.Chroma != ChromaLayout.Yuv444 ? 2 : 1;
        StepY = plane > 0 && format.Chroma == ChromaLayout.Yuv420 ? 2 : 1;
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Luma columns and rows that one sample of the plane covers.</summary>
    public int StepX { get; }
    public int StepY { get; }

    public int FirstRow => Row(_region.Top - _region.Rim, StepY, Height);
    public int LastRow => Row(_region.Bottom + _region.Rim, StepY, Height);

    /// <summary>First and last touched column of a row; last &lt; first where there is none.</summary>
    public (int First, int Last) Columns(int row)
    {
        float dy = RowDistance(row);
        if (dy > _region.Rim)
        {
            return (0, -1);
        }

        float reach = MathF.Sqrt((_region.Rim * _region.Rim) - (dy * dy));
        float left = _region.Left - reach;
        float right = _region.Right + reach;
        return left > Width * StepX || right < -1 ? (0, -1) : (Row(left, StepX, Width), Row(right, StepX, Width));
    }

    /// <summary>First and last column that the box itself touches.</summary>
    public (int First, int Last) BoxColumns() => (Row(_region.Left, StepX, Width), Row(_region.Right, StepX, Width));

    /// <summary>Pixels by which a row's samples lie above or below the box; 0 beside it.</summary>
    public float RowDistance(int row) => Distance(row * StepY, StepY, _region.Top, _region.Bottom);

    /// <summary>How much of the cover a sample gets: 1 in the box, falling to 0 at the outer edge of the rim.</summary>
    public float Weight(int column, float rowDistance)
    {
        float dx = Distance(column * StepX, StepX, _region.Left, _region.Right);
        float distance = MathF.Sqrt((dx * dx) + (rowDistance * rowDistance));
        return Math.Clamp((_region.Rim - distance) / _region.Rim, 0, 1);
    }

    private static float Distance(int start, int step, float low, float high) =>
        Math.Max(Math.Max(low - (start + step - 0.5f), start - 0.5f - high), 0);

    /// <summary>The sample that holds a place, within the plane.</summary>
    private static int Row(float place, int step, int size) =>
        (int)Math.Clamp(MathF.Floor((place + 0.5f) / step), 0, size - 1);
}
