using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Redaction;

/// <summary>
/// A coarse grid over the samples that a region touches on one plane. Its means are all that a blur or a pixelation may know of the
/// picture: what the grid does not hold cannot be computed back from the result.
/// </summary>
internal readonly struct CellGrid
{
    public CellGrid(in CoverSpans spans, int cell)
    {
        CellWidth = cell / spans.StepX;
        CellHeight = cell / spans.StepY;
        int left = spans.Width;
        int right = -1;
        for (int row = spans.FirstRow; row <= spans.LastRow; row++)
        {
            (int first, int last) = spans.Columns(row);
            if (first <= last)
            {
                left = Math.Min(left, first);
                right = Math.Max(right, last);
            }
        }

        X = left;
        Y = spans.FirstRow;
        Right = right;
        Bottom = spans.LastRow;
        Columns = right < left ? 0 : ((right - left) / CellWidth) + 1;
        Rows = ((Bottom - Y) / CellHeight) + 1;
    }

    /// <summary>Samples of the plane in one cell.</summary>
    public int CellWidth { get; }
    public int CellHeight { get; }

    /// <summary>First sample of the grid; the last one that counts.</summary>
    public int X { get; }
    public int Y { get; }
    private int Right { get; }
    private int Bottom { get; }

    public int Columns { get; }
    public int Rows { get; }
    public int Count => Columns * Rows;

    /// <summary>Means of the cells, row by row. The cells at the right and lower end have what the region leaves them.</summary>
    public void Average<T, TKind>(ReadOnlySpan<T> plane, int width, Span<float> means)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        means.Clear();
        for (int row = Y; row <= Bottom; row++)
        {
            ReadOnlySpan<T> line = plane.Slice((row * width) + X, Right + 1 - X);
            Span<float> cells = means.Slice((row - Y) / CellHeight * Columns, Columns);
            for (int column = 0; column < Columns; column++)
            {
                int start = column * CellWidth;
                int end = Math.Min(start + CellWidth, line.Length);
                float sum = 0;
                for (int x = start; x < end; x++)
                {
                    sum += TKind.ToFloat(line[x]);
                }

                cells[column] += sum / (end - start);
            }
        }

        for (int row = 0; row < Rows; row++)
        {
            int count = Math.Min(CellHeight, Bottom + 1 - Y - (row * CellHeight));
            foreach (ref float mean in means.Slice(row * Columns, Columns))
            {
                mean /= count;
            }
        }
    }

    /// <summary>One pass of the weights 1 2 1 along each axis, the edge repeated.</summary>
    public void Smooth(Span<float> means, Span<float> scratch)
    {
        for (int row = 0; row < Rows; row++)
        {
            Span<float> line = means.Slice(row * Columns, Columns);
            for (int x = 0; x < Columns; x++)
            {
                float sides = line[Math.Max(x - 1, 0)] + line[Math.Min(x + 1, Columns - 1)];
                scratch[(row * Columns) + x] = (0.5f * line[x]) + (0.25f * sides);
            }
        }

        for (int row = 0; row < Rows; row++)
        {
            int above = Math.Max(row - 1, 0) * Columns;
            int below = Math.Min(row + 1, Rows - 1) * Columns;
            for (int x = 0; x < Columns; x++)
            {
                float sides = scratch[above + x] + scratch[below + x];
                means[(row * Columns) + x] = (0.5f * scratch[(row * Columns) + x]) + (0.25f * sides);
            }
        }
    }

    /// <summary>Between the centres of cells, bilinear; at a sample of the plane.</summary>
    public float Between(ReadOnlySpan<float> means, int x, int y)
    {
        float atX = Math.Clamp(((x - X + 0.5f) / CellWidth) - 0.5f, 0, Columns - 1);
        float atY = Math.Clamp(((y - Y + 0.5f) / CellHeight) - 0.5f, 0, Rows - 1);
        int left = (int)atX;
        int top = (int)atY;
        int right = Math.Min(left + 1, Columns - 1);
        int bottom = Math.Min(top + 1, Rows - 1);
        float above = float.Lerp(means[(top * Columns) + left], means[(top * Columns) + right], atX - left);
        float below = float.Lerp(means[(bottom * Columns) + left], means[(bottom * Columns) + right], atX - left);
        return float.Lerp(above, below, atY - top);
    }
}
