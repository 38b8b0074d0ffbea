using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceFusion.Batch.Imaging.Frames;

/// <summary>
/// What the vector paths share. They are written for eight floats; where the machine has narrower vectors the compiler splits them, and
/// where it has none the scalar specifications run. No fused multiply-add anywhere: each product is rounded, so that every width and the
/// scalar code give the same bits.
/// </summary>
internal static unsafe class Lanes
{
    public const int Count = 8;

    /// <summary>Whether vector paths are worth taking.</summary>
    public static bool Fast
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.IsHardwareAccelerated;
    }

    /// <summary>0, 1, … 7.</summary>
    public static Vector256<float> Index
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
    }

    /// <summary>Clamps numbers; what is not a number becomes some number within.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Clamp(Vector256<float> value, Vector256<float> low, Vector256<float> high) =>
        Vector256.MinNative(Vector256.MaxNative(value, low), high);

    /// <summary>
    /// Lane by lane the float at one of eight indices. Eight plain loads: the machine's gather instructions are several times slower
    /// wherever they are patched against data sampling.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Gather(float* from, int* indices) =>
        Vector256.Create(
            from[indices[0]],
            from[indices[1]],
            from[indices[2]],
            from[indices[3]],
            from[indices[4]],
            from[indices[5]],
            from[indices[6]],
            from[indices[7]]
        );

    /// <summary>Sixteen consecutive floats as those at even and those at odd places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Even, Vector256<float> Odd) Unzip(float* from)
    {
        Vector256<int> order = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
        Vector256<float> low = Vector256.Shuffle(Vector256.Load(from), order);
        Vector256<float> high = Vector256.Shuffle(Vector256.Load(from + Count), order);
        return (Vector256.Create(low.GetLower(), high.GetLower()), Vector256.Create(low.GetUpper(), high.GetUpper()));
    }

    /// <summary>
    /// The lane <paramref name="index"/> of the lower four four times, and that of the upper four. With a constant it is one instruction.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Splat(Vector256<float> values, int index)
    {
        if (Avx.IsSupported)
        {
            return index switch
            {
                0 => Avx.Permute(values, 0x00),
                1 => Avx.Permute(values, 0x55),
                2 => Avx.Permute(values, 0xAA),
                _ => Avx.Permute(values, 0xFF),
            };
        }

        return Vector256.Create(Vector128.Create(values[index]), Vector128.Create(values[index + 4]));
    }

    /// <summary>
    /// Four vectors as a matrix of 4 × 4 in their lower and one in their upper halves, both transposed: pixels 0 and 4, 1 and 5, … of four
    /// channels become four channels of eight pixels, and the other way round.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(
        ref Vector256<float> a,
        ref Vector256<float> b,
        ref Vector256<float> c,
        ref Vector256<float> d
    )
    {
        if (Avx.IsSupported)
        {
            Vector256<float> lowAb = Avx.UnpackLow(a, b);
            Vector256<float> lowCd = Avx.UnpackLow(c, d);
            Vector256<float> highAb = Avx.UnpackHigh(a, b);
            Vector256<float> highCd = Avx.UnpackHigh(c, d);
            a = Avx.Shuffle(lowAb, lowCd, 0x44);
            b = Avx.Shuffle(lowAb, lowCd, 0xEE);
            c = Avx.Shuffle(highAb, highCd, 0x44);
            d = Avx.Shuffle(highAb, highCd, 0xEE);
            return;
        }

        (Vector256<float> w, Vector256<float> x, Vector256<float> y, Vector256<float> z) = (a, b, c, d);
        a = Vector256.Create(w[0], x[0], y[0], z[0], w[4], x[4], y[4], z[4]);
        b = Vector256.Create(w[1], x[1], y[1], z[1], w[5], x[5], y[5], z[5]);
        c = Vector256.Create(w[2], x[2], y[2], z[2], w[6], x[6], y[6], z[6]);
        d = Vector256.Create(w[3], x[3], y[3], z[3], w[7], x[7], y[7], z[7]);
    }
}
