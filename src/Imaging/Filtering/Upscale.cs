using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>Undoes the size of a <see cref="Downscale"/>: bilinear between block centres, the edge repeated outward.</summary>
public static partial class Upscale
{
    /// <summary>Fills <paramref name="into"/> (height × width) from a plane of Size(height) × Size(width).</summary>
    /// <param name="factor">2, 4 or 8, as in the <see cref="Downscale"/>.</param>
    /// <exception cref="ArgumentException">Another factor, or a span is too short.</exception>
    public static void Apply(ReadOnlySpan<float> small, int factor, Span<float> into, int width, int height)
    {
        if (factor is not (2 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor is 2, 4 or 8.");
        }

        int smallWidth = Downscale.Size(width, factor);
        int smallHeight = Downscale.Size(height, factor);
        ArgumentOutOfRangeException.ThrowIfLessThan(small.Length, smallWidth * smallHeight, nameof(small));
        ArgumentOutOfRangeException.ThrowIfLessThan(into.Length, width * height, nameof(into));
        // Room behind the last value, so that a whole vector can be loaded from it.
        Span<float> line = RowScratch.Rent(smallWidth + Lanes.Count);
        line.Clear();
        for (int y = 0; y < height; y++)
        {
            // The centre of block b lies at factor · b + (factor − 1) / 2.
            float at = Math.Clamp(((y + 0.5f) / factor) - 0.5f, 0, smallHeight - 1);
            int top = (int)at;
            int bottom = Math.Min(top + 1, smallHeight - 1);
            ReadOnlySpan<float> above = small.Slice(top * smallWidth, smallWidth);
            ReadOnlySpan<float> below = small.Slice(bottom * smallWidth, smallWidth);
            int mixed = Lanes.Fast ? MixRowsVector(above, below, at - top, line) : 0;
            MixRowsScalar(above, below, at - top, line, mixed);
            Span<float> row = into.Slice(y * width, width);
            int done = Lanes.Fast ? SpreadVector(line, smallWidth, factor, row) : 0;
            SpreadScalar(line, smallWidth, factor, row, done);
        }
    }
}
