namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>The specification: column sums first, then those of a block from left to right.</summary>
public static partial class Downscale
{
    internal static void RowScalar(
        ReadOnlySpan<float> block,
        int width,
        int rows,
        int factor,
        Span<float> into,
        int firstColumn
    )
    {
        for (int x = firstColumn; x < into.Length; x++)
        {
            int left = x * factor;
            int columns = Math.Min(factor, width - left);
            float sum = 0;
            for (int i = 0; i < columns; i++)
            {
                float column = block[left + i];
                for (int j = 1; j < rows; j++)
                {
                    column += block[(j * width) + left + i];
                }

                sum += column;
            }

            into[x] = sum * (1f / (rows * columns));
        }
    }
}
