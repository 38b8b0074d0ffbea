using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>32 neighbouring values in four vectors, whose sums stay in registers over all taps and need not wait for each other.</summary>
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
        int longest =
            TensorPrimitives.Min(lines) < 0 ? 0 : Math.Min(into.Length, from.Length - TensorPrimitives.Max(lines));
        ref float origin = ref MemoryMarshal.GetReference(from);
        ref float target = ref MemoryMarshal.GetReference(into);
        for (; x <= longest - (4 * Lanes); x += 4 * Lanes)
        {
            ref float middles = ref Unsafe.Add(ref origin, lines[middle] + x);
            Vector256<float> a = Vector256.LoadUnsafe(ref middles) * half[0];
            Vector256<float> b = Vector256.LoadUnsafe(ref middles, Lanes) * half[0];
            Vector256<float> c = Vector256.LoadUnsafe(ref middles, 2 * Lanes) * half[0];
            Vector256<float> d = Vector256.LoadUnsafe(ref middles, 3 * Lanes) * half[0];
            for (int tap = 1; tap <= middle; tap++)
            {
                ref float before = ref Unsafe.Add(ref origin, lines[middle - tap] + x);
                ref float after = ref Unsafe.Add(ref origin, lines[middle + tap] + x);
                Vector256<float> weight = Vector256.Create(half[tap]);
                a += Pair(ref before, ref after, 0) * weight;
                b += Pair(ref before, ref after, Lanes) * weight;
                c += Pair(ref before, ref after, 2 * Lanes) * weight;
                d += Pair(ref before, ref after, 3 * Lanes) * weight;
            }

            a.StoreUnsafe(ref target, (nuint)x);
            b.StoreUnsafe(ref target, (nuint)(x + Lanes));
            c.StoreUnsafe(ref target, (nuint)(x + (2 * Lanes)));
            d.StoreUnsafe(ref target, (nuint)(x + (3 * Lanes)));
        }

        for (; x <= longest - Lanes; x += Lanes)
        {
            Vector256<float> sum = Vector256.LoadUnsafe(ref origin, (nuint)(lines[middle] + x)) * half[0];
            for (int tap = 1; tap <= middle; tap++)
            {
                ref float before = ref Unsafe.Add(ref origin, lines[middle - tap] + x);
                ref float after = ref Unsafe.Add(ref origin, lines[middle + tap] + x);
                sum += Pair(ref before, ref after, 0) * Vector256.Create(half[tap]);
            }

            sum.StoreUnsafe(ref target, (nuint)x);
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(ref float before, ref float after, int lane) =>
        Vector256.LoadUnsafe(ref before, (nuint)lane) + Vector256.LoadUnsafe(ref after, (nuint)lane);
}
