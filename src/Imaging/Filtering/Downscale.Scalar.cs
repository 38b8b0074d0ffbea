namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>The specification: top to bottom, then left to right.</summary>
public static partial class Downscale
{
    internal static void SumColumnsScalar(ReadOnlySpan<float> block, int width, int rows, Span<float> sums, int first)
    {
        for (int x = first; x < width; x++)
        {
            float sum = block[x];
            for (int row = 1; row < rows; row++)
            {
                sum += block[(row * width) + x];
            }

            sums[x] = sum;
        }
    }

    /// <summary>A row of blocks from the sums of its columns. Adds in order, so there is nothing for lanes to do.</summary>
    private static void SumBlocks(ReadOnlySpan<float> columns, int rows, int factor, Span<float> into)
    {
        float whole = 1f / (rows * factor);
        for (int x = 0; x < into.Length; x++)
        {
            ReadOnlySpan<float> block = columns[(x * factor)..Math.Min((x + 1) * factor, columns.Length)];
            float sum = 0;
            foreach (float column in block)
            {
                sum += column;
            }

            into[x] = sum * (block.Length == factor ? whole : 1f / (rows * block.Length));
        }
    }
}
