using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Redaction;

/// <summary>
/// Replaces a region by what a coarse grid of means says about it, in all planes: flat blocks, or a smooth surface through them. Nothing
/// outside the region is written.
/// </summary>
public static class CellCover
{
    /// <summary>Passes over the grid of a blur; with the cells' own width a spread (sigma) of about 1.1 cells.</summary>
    private const int SmoothPasses = 2;

    /// <summary>Flat blocks of <paramref name="block"/> luma pixels (2 or more, rounded up to even so that chroma has the same ones).</summary>
    public static void Pixelate(Frame frame, in CoverRegion region, float block) => Apply(frame, region, block, false);

    /// <summary>
    /// A smooth surface from cells of <paramref name="cell"/> luma pixels (as in <see cref="Pixelate"/>); it fades into the picture over the
    /// region's rim.
    /// </summary>
    public static void Blur(Frame frame, in CoverRegion region, float cell) => Apply(frame, region, cell, true);

    private static void Apply(Frame frame, in CoverRegion region, float cell, bool smooth)
    {
        if (!region.Meets(frame.Format))
        {
            return;
        }

        // A size that is not a number hides everything rather than nothing.
        float size = float.IsNaN(cell) ? Math.Max(frame.Format.Width, frame.Format.Height) : cell;
        int pixels = 2 * (int)Math.Clamp(MathF.Ceiling(size / 2), 1, 1 << 14);
        for (int plane = 0; plane < 3; plane++)
        {
            CoverSpans spans = new(region, frame.Format, plane);
            if (frame.Format.BitDepth > 8)
            {
                int peak = (1 << frame.Format.BitDepth) - 1;
                Run<ushort, WordSamples>(frame.Plane16(plane), spans, pixels, smooth, peak);
            }
            else
            {
                Run<byte, ByteSamples>(frame.Plane(plane), spans, pixels, smooth, 255);
            }
        }
    }

    private static void Run<T, TKind>(Span<T> plane, in CoverSpans spans, int cell, bool smooth, int peak)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        CellGrid grid = new(spans, cell);
        if (grid.Count == 0)
        {
            return;
        }

        Span<float> scratch = RowScratch.Rent(2 * grid.Count);
        Span<float> means = scratch[..grid.Count];
        grid.Average<T, TKind>(plane, spans.Width, means);
        for (int pass = 0; smooth && pass < SmoothPasses; pass++)
        {
            grid.Smooth(means, scratch[grid.Count..]);
        }

        for (int row = spans.FirstRow; row <= spans.LastRow; row++)
        {
            (int first, int last) = spans.Columns(row);
            Span<T> line = plane.Slice(row * spans.Width, spans.Width);
            float distance = spans.RowDistance(row);
            int cells = (row - grid.Y) / grid.CellHeight * grid.Columns;
            for (int x = first; x <= last; x++)
            {
                ref T sample = ref line[x];
                float value = means[cells + ((x - grid.X) / grid.CellWidth)];
                if (smooth)
                {
                    float old = TKind.ToFloat(sample);
                    value = old + (spans.Weight(x, distance) * (grid.Between(means, x, row) - old));
                }

                sample = TKind.FromInt((int)(Math.Clamp(value, 0, peak) + 0.5f));
            }
        }
    }
}
