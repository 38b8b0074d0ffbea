using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>Eight columns in the lanes.</summary>
public static partial class Downscale
{
    /// <summary>Sums the columns that fill whole vectors and returns how many those are.</summary>
    internal static int SumColumnsVector(ReadOnlySpan<float> block, int width, int rows, Span<float> sums)
    {
        int x = 0;
        for (; x <= width - Lanes.Count; x += Lanes.Count)
        {
            Vector256<float> sum = Vector256.Create(block[x..]);
            for (int row = 1; row < rows; row++)
            {
                sum += Vector256.Create(block[((row * width) + x)..]);
            }

            sum.CopyTo(sums[x..]);
        }

        return x;
    }
}
