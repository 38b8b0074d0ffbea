using System.Runtime.Intrinsics;
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

        Span<float> scratch = RowScratch.Rent((2 * grid.Count) + grid.Columns + spans.Width);
        Span<float> means = scratch[..grid.Count];
        Span<float> spare = scratch.Slice(grid.Count, grid.Count);
        Span<float> line = scratch.Slice(2 * grid.Count, grid.Columns);
        Span<float> values = scratch[((2 * grid.Count) + grid.Columns)..];
        grid.Average<T, TKind>(plane, spans.Width, means, values);
        for (int pass = 0; smooth && pass < SmoothPasses; pass++)
        {
            grid.Smooth(means, spare);
        }

        for (int row = spans.FirstRow; row <= spans.LastRow; row++)
        {
            (int first, int last) = spans.Columns(row);
            if (last < first)
            {
                continue;
            }

            Span<T> samples = plane.Slice(row * spans.Width, spans.Width);
            if (smooth)
            {
                grid.MixRows(means, row, line);
                grid.SpreadColumns(line, first, last, values);
                Fade<T, TKind>(samples, spans, row, first, last, values);
            }
            else
            {
                grid.RepeatColumns(means, row, first, last, values);
            }

            Store<T, TKind>(values[first..(last + 1)], samples[first..(last + 1)], peak);
        }
    }

    private static unsafe void Store<T, TKind>(ReadOnlySpan<float> values, Span<T> samples, int peak)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int x = 0;
        Vector256<float> most = Vector256.Create((float)peak);
        fixed (T* to = samples)
        {
            for (; x <= samples.Length - Lanes.Count; x += Lanes.Count)
            {
                Vector256<float> value = Lanes.Clamp(Vector256.Create(values[x..]), Vector256<float>.Zero, most);
                TKind.Store(Vector256.ConvertToInt32Native(value + Vector256.Create(0.5f)), to + x);
            }
        }

        for (; x < samples.Length; x++)
        {
            samples[x] = TKind.FromInt((int)(Math.Clamp(values[x], 0, peak) + 0.5f));
        }
    }

    /// <summary>Mixes the row's own samples into its values where these lie in the rim.</summary>
    private static void Fade<T, TKind>(
        ReadOnlySpan<T> samples,
        in CoverSpans spans,
        int row,
        int first,
        int last,
        Span<float> values
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        float distance = spans.RowDistance(row);
        (int boxFirst, int boxLast) = distance > 0 ? (last + 1, last) : spans.BoxColumns();
        for (int x = first; x <= last; x++)
        {
            if (x == boxFirst)
            {
                x = boxLast;
                continue;
            }

            float weight = spans.Weight(x, distance);
            if (weight < 1)
            {
                float old = TKind.ToFloat(samples[x]);
                values[x] = old + (weight * (values[x] - old));
            }
        }
    }
}
