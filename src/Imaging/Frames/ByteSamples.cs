using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceFusion.Batch.Imaging.Frames;

/// <summary>Samples of 8 bit planes.</summary>
internal readonly unsafe struct ByteSamples : ISampleKind<byte>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToFloat(byte sample) => sample;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte FromInt(int value) => (byte)value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* from)
    {
        if (Avx2.IsSupported)
        {
            return Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(from));
        }

        Vector128<ushort> words = Vector128.WidenLower(
            Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(from)).AsByte()
        );
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(words);
        return Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> LoadWords(byte* from)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Load(from));
        return Vector256.Create(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> LoadSums(byte* from)
    {
        Vector256<ushort> pairs = Vector256.Load(from).AsUInt16();
        return (pairs & Vector256.Create((ushort)0xFF)) + Vector256.ShiftRightLogical(pairs, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> values, byte* to)
    {
        Vector128<byte> bytes;
        if (Sse2.IsSupported)
        {
            Vector128<short> words = Sse2.PackSignedSaturate(values.GetLower(), values.GetUpper());
            bytes = Sse2.PackUnsignedSaturate(words, words);
        }
        else
        {
            Vector128<short> words = Vector128.Narrow(values.GetLower(), values.GetUpper());
            bytes = Vector128.Narrow(words.AsUInt16(), words.AsUInt16());
        }

        Unsafe.WriteUnaligned(to, bytes.AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadWide(byte* from) =>
        Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(from)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreWide(Vector512<int> values, byte* to) => Avx512F.ConvertToVector128Byte(values).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Left, Vector256<float> Right) LoadPairs(byte* plane, int* indices)
    {
        // Each lane holds four neighbouring bytes: the lowest is the sample, the next its right neighbour.
        Vector256<int> quads = Vector256.Create(
            Unsafe.ReadUnaligned<int>(plane + indices[0]),
            Unsafe.ReadUnaligned<int>(plane + indices[1]),
            Unsafe.ReadUnaligned<int>(plane + indices[2]),
            Unsafe.ReadUnaligned<int>(plane + indices[3]),
            Unsafe.ReadUnaligned<int>(plane + indices[4]),
            Unsafe.ReadUnaligned<int>(plane + indices[5]),
            Unsafe.ReadUnaligned<int>(plane + indices[6]),
            Unsafe.ReadUnaligned<int>(plane + indices[7])
        );
        Vector256<int> low = Vector256.Create(0xFF);
        return (
            Vector256.ConvertToSingle(quads & low),
            Vector256.ConvertToSingle(Vector256.ShiftRightLogical(quads, 8) & low)
        );
    }
}
