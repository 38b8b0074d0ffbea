using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>The bilinear taps of a crop pixel in a plane, evenly over the pixel or the middle of it.</summary>
/// <param name="Columns">Taps along the crop's rows.</param>
/// <param name="Rows">Taps along its columns.</param>
/// <param name="SpreadX">Part of the pixel's width over which they lie.</param>
/// <param name="SpreadY">Part of its height.</param>
internal readonly record struct TapGrid(int Columns, int Rows, float SpreadX, float SpreadY)
{
    /// <summary>Most taps along one axis; beyond a minification of 32 a crop is a rough look anyway.</summary>
    private const int Most = 32;

    public static TapGrid Single { get; } = new(1, 1, 1, 1);

    public int Count => Columns * Rows;

    /// <param name="matrix">From crop pixels to some samples.</param>
    /// <param name="scaleX">Samples of the plane for each of those, along a row.</param>
    /// <param name="scaleY">The same along a column.</param>
    /// <param name="sums">How the plane was prepared.</param>
    public static TapGrid Of(in AffineMatrix matrix, float scaleX, float scaleY, PlaneSums sums)
    {
        (int columns, float spreadX) = sums.Along(Length(matrix.A * scaleX, matrix.D * scaleY), Most);
        (int rows, float spreadY) = sums.Along(Length(matrix.B * scaleX, matrix.E * scaleY), Most);
        return new(columns, rows, spreadX, spreadY);
    }

    /// <summary>Length of a step.</summary>
    public static float Length(float dx, float dy) => MathF.Sqrt((dx * dx) + (dy * dy));

    /// <summary>Where a tap lies from the middle of its pixel, in crop pixels.</summary>
    public float X(int column) => SpreadX * (((column + 0.5f) / Columns) - 0.5f);

    public float Y(int row) => SpreadY * (((row + 0.5f) / Rows) - 0.5f);

    /// <summary>Where each tap lies from its crop pixel's centre, as the matrix has it: x, y of every tap, row by row.</summary>
    public void Fill(in AffineMatrix matrix, Span<float> offsets)
    {
        int at = 0;
        for (int j = 0; j < Rows; j++)
        {
            float dy = Y(j);
            for (int i = 0; i < Columns; i++)
            {
                float dx = X(i);
                offsets[at++] = (matrix.A * dx) + (matrix.B * dy);
                offsets[at++] = (matrix.D * dx) + (matrix.E * dy);
            }
        }
    }
}
