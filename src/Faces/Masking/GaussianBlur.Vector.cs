using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>Sixteen neighbouring values in two vectors, whose sums stay in registers over all taps.</summary>
public sealed partial class GaussianBlur
{
    private const int Lanes = 8;

    /// <summary>As <see cref="SumScalar"/>, for the values that fill whole vectors.</summary>
    /// <returns>How many those are.</returns>
    internal static int SumVector(
        ReadOnlySpan<float> from,
        ReadOnlySpan<int> lines,
        ReadOnlySpan<float> half,
        Span<float> into
    )
    {
        int middle = half.Length - 1;
        int x = 0;
        // Within the span by this check, so that loads need none of their own.
        int longest = into.Length;
        foreach (int line in lines)
        {
            longest = Math.Min(longest, line < 0 ? 0 : from.Length - line);
        }

        ref float origin = ref MemoryMarshal.GetReference(from);
        ref float target = ref MemoryMarshal.GetReference(into);
        for (; x <= longest - (2 * Lanes); x += 2 * Lanes)
        {
            nuint at = (nuint)(lines[middle] + x);
            Vector256<float> low = Vector256.LoadUnsafe(ref origin, at) * half[0];
            Vector256<float> high = Vector256.LoadUnsafe(ref origin, at + Lanes) * half[0];
            for (int tap = 1; tap <= middle; tap++)
            {
                nuint before = (nuint)(lines[middle - tap] + x);
                nuint after = (nuint)(lines[middle + tap] + x);
                Vector256<float> weight = Vector256.Create(half[tap]);
                low =
                    ((Vector256.LoadUnsafe(ref origin, before) + Vector256.LoadUnsafe(ref origin, after)) * weight)
                    + low;
                high =
                    (
                        (
                            Vector256.LoadUnsafe(ref origin, before + Lanes)
                            + Vector256.LoadUnsafe(ref origin, after + Lanes)
                        ) * weight
                    ) + high;
            }

            low.StoreUnsafe(ref target, (nuint)x);
            high.StoreUnsafe(ref target, (nuint)(x + Lanes));
        }

        return x;
    }
}
