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
        Span<float> cover = RowScratch.Rent(width + corners);
        Span<float> crossings = cover[width..];
        cover = cover[..width];
        for (int row = first; row <= last; row++)
        {
            cover.Clear();
            for (int sub = 0; sub < SubRows; sub++)
            {
                float y = row + ((sub + 0.5f) / SubRows) - 0.5f;
                int count = Cross(xy, corners, y, crossings);
                crossings[..count].Sort();
                for (int i = 0; i + 1 < count; i += 2)
                {
                    AddSpan(cover, crossings[i], crossings[i + 1]);
                }
            }

            Span<float> line = mask.Slice(row * width, width);
            for (int x = 0; x < width; x++)
            {
                if (cover[x] > 0)
                {
                    line[x] = Math.Min(line[x] + (cover[x] * (value / SubRows)), 1);
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

    /// <summary>Adds to each pixel the part of it that lies between left and right.</summary>
    private static void AddSpan(Span<float> cover, float left, float right)
    {
        // In these coordinates pixel x covers x to x + 1.
        left = Math.Clamp(left + 0.5f, 0, cover.Length);
        right = Math.Clamp(right + 0.5f, 0, cover.Length);
        int first = (int)left;
        int last = (int)right;
        if (first == last)
        {
            if (first < cover.Length)
            {
                cover[first] += right - left;
            }

            return;
        }

        cover[first] += first + 1 - left;
        for (int x = first + 1; x < last; x++)
        {
            cover[x] += 1;
        }

        if (last < cover.Length)
        {
            cover[last] += right - last;
        }
    }
}
