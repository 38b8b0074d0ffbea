using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>Shrinks a plane by a whole factor, each value the mean of the block it covers: columns are summed first, then blocks.</summary>
public static partial class Downscale
{
    /// <summary>Width or height after shrinking: rounded up, so that a partial block at the end counts.</summary>
    public static int Size(int size, int factor) => (size + factor - 1) / factor;

    /// <summary>
    /// Fills <paramref name="into"/> (Size(height) × Size(width)) with the means of factor × factor blocks of <paramref name="plane"/>;
    /// blocks at the right and lower end average what they have.
    /// </summary>
    /// <param name="factor">2, 4 or 8.</param>
    /// <exception cref="ArgumentException">Another factor, or a span is too short.</exception>
    public static void Apply(ReadOnlySpan<float> plane, int width, int height, int factor, Span<float> into)
    {
        if (factor is not (2 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor is 2, 4 or 8.");
        }

        int smallWidth = Size(width, factor);
        int smallHeight = Size(height, factor);
        ArgumentOutOfRangeException.ThrowIfLessThan(plane.Length, width * height, nameof(plane));
        ArgumentOutOfRangeException.ThrowIfLessThan(into.Length, smallWidth * smallHeight, nameof(into));
        Span<float> columns = RowScratch.Rent(width);
        for (int y = 0; y < smallHeight; y++)
        {
            int rows = Math.Min(factor, height - (y * factor));
            ReadOnlySpan<float> block = plane.Slice(y * factor * width, rows * width);
            int done = Lanes.Fast ? SumColumnsVector(block, width, rows, columns) : 0;
            SumColumnsScalar(block, width, rows, columns, done);
            SumBlocks(columns, rows, factor, into.Slice(y * smallWidth, smallWidth));
        }
    }
}
