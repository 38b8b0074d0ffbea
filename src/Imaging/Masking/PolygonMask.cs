using System.Runtime.InteropServices;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Masking;

/// <summary>Fills polygons into a mask, anti-aliased.</summary>
public static class PolygonMask
{
    /// <summary>More corners than any ring of a face has.</summary>
    public const int MaxCorners = 512;

    /// <summary>An edge makes three pieces of a row at most: within it, and beyond its ends.</summary>
    private const int PiecesPerEdge = 3;

    /// <summary>
    /// Adds <paramref name="value"/> × covered part of each pixel to <paramref name="mask"/> (height × width) and clamps what was touched
    /// to 1. <paramref name="xy"/> are the corners, interleaved, pixel centres at whole numbers; the ring closes itself; inside by the
    /// even-odd rule. The covered part is exact where no edges cross within the pixel, and 0 below a 4096th. A polygon with a corner that
    /// is not finite is not drawn.
    /// </summary>
    /// <exception cref="ArgumentException">The mask is too short, or there are more than <see cref="MaxCorners"/> corners.</exception>
    public static void Fill(ReadOnlySpan<float> xy, Span<float> mask, int width, int height, float value)
    {
        int corners = xy.Length / 2;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(corners, MaxCorners, nameof(xy));
        ArgumentOutOfRangeException.ThrowIfLessThan(mask.Length, width * height, nameof(mask));
        for (int i = 0; i < 2 * corners; i++)
        {
            if (!float.IsFinite(xy[i]))
            {
                return;
            }
        }

        if (corners < 3)
        {
            return;
        }

        // A row's changes of cover, and whole numbers: its pieces, the edges by their first rows, and those that are passed now.
        Span<float> scratch = RowScratch.Rent(width + 2 + (((2 * PiecesPerEdge) + 3) * corners));
        Span<float> changes = scratch[..(width + 2)];
        Span<int> numbers = MemoryMarshal.Cast<float, int>(scratch[(width + 2)..]);
        Span<int> firstRows = numbers[..corners];
        Span<int> edges = numbers.Slice(corners, corners);
        Span<int> active = numbers.Slice(2 * corners, corners);
        changes.Clear();
        for (int i = 0; i < corners; i++)
        {
            edges[i] = i;
            firstRows[i] = (int)Math.Clamp(MathF.Floor(Edge.Of(xy, corners, i).Top), 0, height);
        }

        firstRows.Sort(edges);
        CoverRow cover = new(changes, numbers[(3 * corners)..]);
        int next = 0,
            count = 0;
        for (int row = firstRows[0]; row < height && (count > 0 || next < corners); row++)
        {
            while (next < corners && firstRows[next] == row)
            {
                active[count++] = edges[next++];
            }

            int kept = 0;
            for (int i = 0; i < count; i++)
            {
                Edge edge = Edge.Of(xy, corners, active[i]);
                edge.AddTo(ref cover, row);
                if (edge.Bottom > row + 1)
                {
                    active[kept++] = active[i];
                }
            }

            count = kept;
            cover.Flush(mask.Slice(row * width, width), value);
        }
    }

    /// <summary>From a corner to the next, with pixels that cover whole numbers to whole numbers.</summary>
    private readonly ref struct Edge(float x0, float y0, float x1, float y1)
    {
        private readonly double _x0 = x0 + 0.5;
        private readonly double _y0 = y0 + 0.5;
        private readonly double _x1 = x1 + 0.5;
        private readonly double _y1 = y1 + 0.5;

        public float Top => (float)Math.Min(_y0, _y1);

        public double Bottom => Math.Max(_y0, _y1);

        public static Edge Of(ReadOnlySpan<float> xy, int corners, int number)
        {
            int from = 2 * number;
            int to = number + 1 == corners ? 0 : from + 2;
            return new(xy[from], xy[from + 1], xy[to], xy[to + 1]);
        }

        /// <summary>The part of it that lies within a row.</summary>
        public void AddTo(ref CoverRow cover, int row)
        {
            double from = Math.Clamp(_y0, row, row + 1);
            double to = Math.Clamp(_y1, row, row + 1);
            if (from != to)
            {
                double slope = (_x1 - _x0) / (_y1 - _y0);
                cover.Add(_x0 + ((from - _y0) * slope), from, _x0 + ((to - _y0) * slope), to);
            }
        }
    }
}
