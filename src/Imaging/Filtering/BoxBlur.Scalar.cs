namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>The specification: each column on its own, top to bottom.</summary>
public static unsafe partial class BoxBlur
{
    internal static void DownScalar(
        ReadOnlySpan<float> from,
        Span<float> to,
        int width,
        int height,
        int radius,
        int firstColumn = 0
    )
    {
        float inverse = 1f / ((2 * radius) + 1);
        for (int x = firstColumn; x < width; x++)
        {
            // The window of row 0: the top value radius + 1 times, then the rows below it.
            float sum = from[x] * (radius + 1);
            for (int i = 1; i <= radius; i++)
            {
                sum += from[(Math.Min(i, height - 1) * width) + x];
            }

            to[x] = sum * inverse;
            for (int y = 1; y < height; y++)
            {
                float enters = from[(Math.Min(y + radius, height - 1) * width) + x];
                float leaves = from[(Math.Max(y - radius - 1, 0) * width) + x];
                sum += enters - leaves;
                to[(y * width) + x] = sum * inverse;
            }
        }
    }

    internal static void TransposeScalar(ReadOnlySpan<float> from, Span<float> to, int width, int height)
    {
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                to[(x * height) + y] = from[(y * width) + x];
            }
        }
    }
}
