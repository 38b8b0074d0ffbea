using System.Runtime.InteropServices;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Scenes;

/// <summary>A frame's brightness on a coarse fixed grid, to tell a scene cut from motion.</summary>
public static partial class LumaThumbnail
{
    public const int Columns = 32;
    public const int Rows = 18;

    /// <summary>Bytes of one thumbnail.</summary>
    public const int Length = Columns * Rows;

    /// <summary>Taller cells look at every second, third … row: enough to see a cut, and column sums fit 16 bits (up to 257 rows).</summary>
    private const int MaxRows = 32;

    /// <summary>
    /// Fills <paramref name="into"/> (<see cref="Length"/> bytes, row by row) with the mean luma of each cell as stored, scaled to 8 bit;
    /// in frames taller than 576 from every second row, and so on.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="into"/> is too short.</exception>
    public static void Read(Frame frame, Span<byte> into)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(into.Length, Length, nameof(into));
        FrameFormat format = frame.Format;
        Span<ushort> sums = MemoryMarshal.Cast<float, ushort>(RowScratch.Rent((format.Width + 1) / 2))[..format.Width];
        for (int cellRow = 0; cellRow < Rows; cellRow++)
        {
            (int top, int bottom) = Cell(cellRow, Rows, format.Height);
            int step = (bottom - top + MaxRows - 1) / MaxRows;
            int rows = (bottom - top + step - 1) / step;
            sums.Clear();
            AddRows(frame, top, rows, step, sums);

            for (int cellColumn = 0; cellColumn < Columns; cellColumn++)
            {
                (int left, int right) = Cell(cellColumn, Columns, format.Width);
                uint sum = 0;
                foreach (ushort column in sums[left..right])
                {
                    sum += column;
                }

                uint count = (uint)((right - left) * rows);
                into[(cellRow * Columns) + cellColumn] = (byte)Math.Min((sum + (count / 2)) / count, 255);
            }
        }
    }

    private static unsafe void AddRows(Frame frame, int top, int rows, int step, Span<ushort> sums)
    {
        int width = frame.Format.Width;
        if (frame.Format.BitDepth == 8)
        {
            fixed (byte* plane = frame.Plane(0))
            {
                AddRows(plane + ((nint)top * width), rows, (nint)step * width, sums);
            }

            return;
        }

        for (int row = 0; row < rows; row++)
        {
            int y = top + (row * step);
            Add(frame.Plane16(0).Slice(y * width, width), frame.Format.BitDepth - 8, sums);
        }
    }

    /// <summary>Mean absolute difference of two thumbnails, 0..255.</summary>
    public static float Difference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int sum = 0;
        for (int i = 0; i < Length; i++)
        {
            sum += Math.Abs(a[i] - b[i]);
        }

        return (float)sum / Length;
    }

    /// <summary>The samples of one cell; at least one, also where a frame has fewer samples than the grid has cells.</summary>
    private static (int First, int End) Cell(int cell, int cells, int size)
    {
        int first = Math.Min(cell * size / cells, size - 1);
        return (first, Math.Max((cell + 1) * size / cells, first + 1));
    }
}
