using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceFusion.Batch.Imaging.Frames;

/// <summary>Samples of planes with more than 8 bits: two little-endian bytes each.</summary>
internal readonly unsafe struct WordSamples : ISampleKind<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToFloat(ushort sample) => sample;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort FromInt(int value) => (ushort)value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ushort* from)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(Vector128.Load(from));
        return Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> LoadWords(ushort* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> LoadSums(ushort* from) =>
        Vector256.Narrow(Sums(from), Sums(from + Vector256<ushort>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Sums(ushort* from)
    {
        Vector256<uint> pairs = Vector256.Load(from).AsUInt32();
        return (pairs & Vector256.Create(0xFFFFu)) + Vector256.ShiftRightLogical(pairs, 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> values, ushort* to)
    {
        Vector128<ushort> words = Sse41.IsSupported
            ? Sse41.PackUnsignedSaturate(values.GetLower(), values.GetUpper())
            : Vector128.Narrow(values.GetLower().AsUInt32(), values.GetUpper().AsUInt32());
        words.Store(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadWide(ushort* from) =>
        Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector256.Load(from)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWide(Vector512<int> values, ushort* to) =>
        Avx512F.ConvertToVector256UInt16(values).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Left, Vector256<float> Right) LoadPairs(ushort* plane, int* indices)
    {
        // Each lane holds two neighbouring samples: the lower half is the sample, the upper its right neighbour.
        Vector256<int> pairs = Vector256.Create(
            Unsafe.ReadUnaligned<int>(plane + indices[0]),
            Unsafe.ReadUnaligned<int>(plane + indices[1]),
            Unsafe.ReadUnaligned<int>(plane + indices[2]),
            Unsafe.ReadUnaligned<int>(plane + indices[3]),
            Unsafe.ReadUnaligned<int>(plane + indices[4]),
            Unsafe.ReadUnaligned<int>(plane + indices[5]),
            Unsafe.ReadUnaligned<int>(plane + indices[6]),
            Unsafe.ReadUnaligned<int>(plane + indices[7])
        );
        return (
            Vector256.ConvertToSingle(pairs & Vector256.Create(0xFFFF)),
            Vector256.ConvertToSingle(Vector256.ShiftRightLogical(pairs, 16))
        );
    }
}
