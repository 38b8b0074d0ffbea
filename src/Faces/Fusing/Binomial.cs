namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>The 1-2-1 filter along both axes, with neighbours <c>step</c> pixels away (à trous); the edge is repeated.</summary>
internal static partial class Binomial
{
    /// <param name="plane">height · width values.</param>
    /// <param name="width">A multiple of 16.</param>
    /// <param name="height">Rows.</param>
    /// <param name="step">1 or 2.</param>
    /// <param name="into">The filtered plane; not the same memory.</param>
    /// <param name="row">Scratch of width values and 4 more.</param>
    public static void Apply(
        ReadOnlySpan<float> plane,
        int width,
        int height,
        int step,
        Span<float> into,
        Span<float> row
    )
    {
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> above = plane.Slice(Math.Max(y - step, 0) * width, width);
            ReadOnlySpan<float> here = plane.Slice(y * width, width);
            ReadOnlySpan<float> below = plane.Slice(Math.Min(y + step, height - 1) * width, width);
            Span<float> middle = row.Slice(2, width);
            for (int x = 0; x < width; x++)
            {
                middle[x] = (0.5f * here[x]) + (0.25f * (above[x] + below[x]));
            }

            row[0] = row[1] = middle[0];
            row[width + 2] = row[width + 3] = middle[width - 1];
            Span<float> to = into.Slice(y * width, width);
            for (int x = 0; x < width; x++)
            {
                to[x] = (0.5f * row[x + 2]) + (0.25f * (row[x + 2 - step] + row[x + 2 + step]));
            }
        }
    }
}
