using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// Eight neighbouring pixels of a row. Patches are a multiple of <see cref="FusePatch.Grain"/> wide, so rows hold whole vectors and need
/// no tail. Products and sums are kept apart (no fused multiply-add), so that scalar code gives the same bits.
/// </summary>
internal static class Lanes
{
    public const int Count = 8;

    public static bool Available => Vector256.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ReadOnlySpan<float> span, int at) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(span), (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, Span<float> span, int at) =>
        value.StoreUnsafe(ref MemoryMarshal.GetReference(span), (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Unit(Vector256<float> value) =>
        Vector256.Min(Vector256.Max(value, Vector256<float>.Zero), Vector256<float>.One);
}
