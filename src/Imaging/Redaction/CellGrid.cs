using System.Runtime.Intrinsics;
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

    /// <summary>
    /// Means of the cells, row by row; those at the right and lower end have what the region leaves them. Columns are summed down each row
    /// of cells first, in <paramref name="sums"/> (one float a column of the plane).
    /// </summary>
    public unsafe void Average<T, TKind>(ReadOnlySpan<T> plane, int width, Span<float> means, Span<float> sums)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int count = Right + 1 - X;
        fixed (T* samples = plane)
        fixed (float* sum = sums)
        {
            for (int row = 0; row < Rows; row++)
            {
                int top = Y + (row * CellHeight);
                int bottom = Math.Min(top + CellHeight, Bottom + 1);
                new Span<float>(sum, count).Clear();
                for (int y = top; y < bottom; y++)
                {
                    T* line = samples + ((nint)y * width) + X;
                    int x = 0;
                    for (; x <= count - Lanes.Count; x += Lanes.Count)
                    {
                        (Vector256.Load(sum + x) + TKind.Load(line + x)).Store(sum + x);
                    }

                    for (; x < count; x++)
                    {
                        sum[x] += TKind.ToFloat(line[x]);
                    }
                }

                for (int column = 0; column < Columns; column++)
                {
                    int start = column * CellWidth;
                    int end = Math.Min(start + CellWidth, count);
                    float total = 0;
                    for (int x = start; x < end; x++)
                    {
                        total += sum[x];
                    }

                    means[(row * Columns) + column] = total / ((end - start) * (bottom - top));
                }
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

    /// <summary>The cells of one row of samples, between the two nearest rows of cell centres.</summary>
    public void MixRows(ReadOnlySpan<float> means, int y, Span<float> line)
    {
        float at = Math.Clamp(((y - Y + 0.5f) / CellHeight) - 0.5f, 0, Rows - 1);
        int top = (int)at;
        ReadOnlySpan<float> above = means.Slice(top * Columns, Columns);
        ReadOnlySpan<float> below = means.Slice(Math.Min(top + 1, Rows - 1) * Columns, Columns);
        for (int x = 0; x < Columns; x++)
        {
            line[x] = above[x] + ((at - top) * (below[x] - above[x]));
        }
    }

    /// <summary>Values of samples first..last of a row between the centres of its cells.</summary>
    public unsafe void SpreadColumns(ReadOnlySpan<float> line, int first, int last, Span<float> values)
    {
        float share = 1f / CellWidth;
        float shift = ((0.5f - X) * share) - 0.5f;
        int x = first;
        Vector256<float> end = Vector256.Create(Columns - 1f);
        Vector256<int> most = Vector256.Create(Columns - 1);
        int* indices = stackalloc int[2 * Lanes.Count];
        fixed (float* cells = line)
        {
            for (; x <= last + 1 - Lanes.Count; x += Lanes.Count)
            {
                Vector256<float> column = Lanes.Index + Vector256.Create((float)x);
                Vector256<float> at = (column * share) + Vector256.Create(shift);
                at = Lanes.Clamp(at, Vector256<float>.Zero, end);
                Vector256<int> left = Vector256.ConvertToInt32Native(at);
                left.Store(indices);
                Vector256.Min(left + Vector256<int>.One, most).Store(indices + Lanes.Count);
                Vector256<float> a = Lanes.Gather(cells, indices);
                Vector256<float> b = Lanes.Gather(cells, indices + Lanes.Count);
                (a + ((at - Vector256.ConvertToSingle(left)) * (b - a))).CopyTo(values[x..]);
            }
        }

        for (; x <= last; x++)
        {
            float at = Math.Clamp((x * share) + shift, 0, Columns - 1);
            int left = (int)at;
            int right = Math.Min(left + 1, Columns - 1);
            values[x] = line[left] + ((at - left) * (line[right] - line[left]));
        }
    }

    /// <summary>Values of samples first..last of a row, each that of its cell.</summary>
    public void RepeatColumns(ReadOnlySpan<float> means, int y, int first, int last, Span<float> values)
    {
        ReadOnlySpan<float> cells = means.Slice((y - Y) / CellHeight * Columns, Columns);
        for (int column = (first - X) / CellWidth; column < Columns; column++)
        {
            int start = Math.Max(X + (column * CellWidth), first);
            int end = Math.Min(X + ((column + 1) * CellWidth), last + 1);
            if (end <= start)
            {
                return;
            }

            values[start..end].Fill(cells[column]);
        }
    }
}
