namespace FaceFusion.Batch.Faces.Masking;

/// <summary>The specification: from the middle outwards, the two of a pair first.</summary>
public sealed partial class GaussianBlur
{
    /// <param name="from">Where the lines are.</param>
    /// <param name="lines">Where each line begins, as many as the kernel has taps.</param>
    /// <param name="half">The kernel from its middle on.</param>
    /// <param name="into">Receives the weighted sum of the lines.</param>
    /// <param name="first">Values before it are done.</param>
    internal static void SumScalar(
        ReadOnlySpan<float> from,
        ReadOnlySpan<int> lines,
        ReadOnlySpan<float> half,
        Span<float> into,
        int first
    )
    {
        int middle = half.Length - 1;
        for (int x = first; x < into.Length; x++)
        {
            float sum = from[lines[middle] + x] * half[0];
            for (int tap = 1; tap <= middle; tap++)
            {
                sum = ((from[lines[middle - tap] + x] + from[lines[middle + tap] + x]) * half[tap]) + sum;
            }

            into[x] = sum;
        }
    }
}
