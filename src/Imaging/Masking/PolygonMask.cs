using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Masking;

/// <summary>Fills polygons into a mask, anti-aliased.</summary>
public static class PolygonMask
{
    /// <summary>Scan lines per pixel row; coverage along a scan line is exact.</summary>
    private const int SubRows = 4;

    /// <summary>More corners than any ring of a face has.</summary>
    public const int MaxCorners = 512;

    /// <summary>
    /// Adds <paramref name="value"/> × covered part of each pixel to <paramref name="mask"/> (height × width) and clamps what was touched
    /// to 1. <paramref name="xy"/> are the corners, interleaved, pixel centres at whole numbers; the ring closes itself; inside by the
    /// even-odd rule. A polygon with a corner that is not finite is not drawn.
    /// </summary>
    /// <exception cref="ArgumentException">The mask is too short, or there are more than <see cref="MaxCorners"/> corners.</exception>
    public static void Fill(ReadOnlySpan<float> xy, Span<float> mask, int width, int height, float value)
    {
        int corners = xy.Length / 2;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(corners, MaxCorners, nameof(xy));
        ArgumentOutOfRangeException.ThrowIfLessThan(mask.Length, width * height, nameof(mask));
        float top = float.PositiveInfinity,
            bottom = float.NegativeInfinity;
        for (int i = 0; i < corners; i++)
        {
            if (!float.IsFinite(xy[2 * i]) || !float.IsFinite(xy[(2 * i) + 1]))
            {
                return;
            }

            top = Math.Min(top, xy[(2 * i) + 1]);
            bottom = Math.Max(bottom, xy[(2 * i) + 1]);
        }

        if (corners < 3)
        {
            return;
        }

        int first = (int)Math.Clamp(MathF.Floor(top), 0, height);
        int last = (int)Math.Clamp(MathF.Ceiling(bottom), -1, height - 1);

        // Per row: what the ends of spans cover, where whole pixels begin (+1) and end (−1), and the crossings of one scan line.
        Span<float> scratch = RowScratch.Rent((2 * (width + 1)) + corners);
        Span<float> ends = scratch[..(width + 1)];
        Span<float> runs = scratch.Slice(width + 1, width + 1);
        Span<float> crossings = scratch[(2 * (width + 1))..];
        for (int row = first; row <= last; row++)
        {
            scratch[..(2 * (width + 1))].Clear();
            int from = width,
                to = 0;
            for (int sub = 0; sub < SubRows; sub++)
            {
                float y = row + ((sub + 0.5f) / SubRows) - 0.5f;
                int count = Cross(xy, corners, y, crossings);
                crossings[..count].Sort();
                for (int i = 0; i + 1 < count; i += 2)
                {
                    // In these coordinates pixel x covers x to x + 1.
                    float left = Math.Clamp(crossings[i] + 0.5f, 0, width);
                    float right = Math.Clamp(crossings[i + 1] + 0.5f, 0, width);
                    AddSpan(ends, runs, left, right);
                    from = Math.Min(from, (int)left);
                    to = Math.Max(to, (int)right + 1);
                }
            }

            Span<float> line = mask.Slice(row * width, width);
            float whole = 0;
            for (int x = from; x < Math.Min(to, width); x++)
            {
                whole += runs[x];
                float cover = whole + ends[x];
                if (cover > 0)
                {
                    line[x] = Math.Min(line[x] + (cover * (value / SubRows)), 1);
                }
            }
        }
    }

    /// <summary>Where the polygon's edges cross the line, an even number of places.</summary>
    private static int Cross(ReadOnlySpan<float> xy, int corners, float y, Span<float> crossings)
    {
        int count = 0;
        float x0 = xy[(2 * corners) - 2],
            y0 = xy[(2 * corners) - 1];
        for (int i = 0; i < corners; i++)
        {
            float x1 = xy[2 * i],
                y1 = xy[(2 * i) + 1];
            if ((y0 <= y) != (y1 <= y))
            {
                crossings[count++] = x0 + ((y - y0) / (y1 - y0) * (x1 - x0));
            }

            (x0, y0) = (x1, y1);
        }

        return count;
    }

    /// <summary>Notes the part of each pixel that lies between left and right: both ends, and whole pixels between as a run.</summary>
    private static void AddSpan(Span<float> ends, Span<float> runs, float left, float right)
    {
        int first = (int)left;
        int last = (int)right;
        if (first == last)
        {
            ends[first] += right - left;
            return;
        }

        ends[first] += first + 1 - left;
        ends[last] += right - last;
        runs[first + 1] += 1;
        runs[last] -= 1;
    }
}
