namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>The 1-2-1 filter along both axes, with neighbours <c>step</c> pixels away (à trous); the edge is repeated.</summary>
internal static partial class Binomial
{
    /// <summary>Values that the row scratch needs beyond the width: two repeated at each edge.</summary>
    public const int Margin = 4;

    /// <param name="plane">height · width values.</param>
    /// <param name="width">A multiple of <see cref="FusePatch.Grain"/>.</param>
    /// <param name="height">Rows.</param>
    /// <param name="step">1 or 2.</param>
    /// <param name="into">The filtered plane; not the same memory.</param>
    /// <param name="row">Scratch of width + <see cref="Margin"/> values.</param>
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
            Span<float> middle = row.Slice(Margin / 2, width);
            Span<float> to = into.Slice(y * width, width);
            if (Lanes.Available)
            {
                DownVector(above, here, below, middle);
            }
            else
            {
                DownScalar(above, here, below, middle);
            }

            row[0] = row[1] = middle[0];
            row[width + 2] = row[width + 3] = middle[width - 1];
            if (Lanes.Available)
            {
                AcrossVector(row, step, to);
            }
            else
            {
                AcrossScalar(row, step, to);
            }
        }
    }
}
