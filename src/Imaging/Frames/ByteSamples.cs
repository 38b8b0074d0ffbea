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
    public static void Store(Vector256<int> values, byte* to)
    {
        Vector128<short> words = Vector128.Narrow(values.GetLower(), values.GetUpper());
        Vector128<byte> bytes = Vector128.Narrow(words.AsUInt16(), words.AsUInt16());
        Unsafe.WriteUnaligned(to, bytes.AsUInt64().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Left, Vector256<float> Right) GatherPair(byte* plane, Vector256<int> index)
    {
        // Each lane holds four neighbouring bytes: the lowest is the sample, the next its right neighbour.
        Vector256<int> quads = Avx2.IsSupported
            ? Avx2.GatherVector256((int*)plane, index, 1)
            : Vector256.Create(
                Unsafe.ReadUnaligned<int>(plane + index[0]),
                Unsafe.ReadUnaligned<int>(plane + index[1]),
                Unsafe.ReadUnaligned<int>(plane + index[2]),
                Unsafe.ReadUnaligned<int>(plane + index[3]),
                Unsafe.ReadUnaligned<int>(plane + index[4]),
                Unsafe.ReadUnaligned<int>(plane + index[5]),
                Unsafe.ReadUnaligned<int>(plane + index[6]),
                Unsafe.ReadUnaligned<int>(plane + index[7])
            );
        Vector256<int> low = Vector256.Create(0xFF);
        return (
            Vector256.ConvertToSingle(quads & low),
            Vector256.ConvertToSingle(Vector256.ShiftRightLogical(quads, 8) & low)
        );
    }
}
