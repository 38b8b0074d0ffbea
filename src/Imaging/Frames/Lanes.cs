using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
}
