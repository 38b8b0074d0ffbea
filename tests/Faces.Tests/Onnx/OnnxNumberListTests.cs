using System.Runtime.InteropServices;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Onnx;

/// <summary>Numbers in one of TensorProto's lists read as the raw data that they stand for.</summary>
public sealed class OnnxNumberListTests
{
    private static readonly float[] Floats = [0f, -1.5f, 3.25e-20f, float.NaN];
    private static readonly double[] Doubles = [0, -1.5, Math.PI, double.PositiveInfinity];
    private static readonly long[] Longs = [0, -1, long.MinValue, 123_456_789_012];
    private static readonly int[] Ints = [0, -1, int.MinValue, 7];
    private static readonly Half[] Halves = [(Half)0, (Half)(-1.5), Half.MaxValue, (Half)0.1];
    private static readonly sbyte[] Bytes = [0, -1, -128, 127];
    private static readonly uint[] Uints = [0, 1, uint.MaxValue, 7];
    private static readonly ulong[] Ulongs = [0, 1, ulong.MaxValue, 7];

    public static TheoryData<int, OnnxType, byte[], byte[][]> Lists =>
        new()
        {
            { 4, OnnxType.Float, Raw(Floats), [.. Floats.Select(v => Raw([v]))] },
            { 4, OnnxType.Complex64, Raw(Floats), [.. Floats.Select(v => Raw([v]))] },
            { 10, OnnxType.Double, Raw(Doubles), [.. Doubles.Select(v => Raw([v]))] },
            { 7, OnnxType.Int64, Raw(Longs), [.. Longs.Select(v => Varint(v))] },
            { 5, OnnxType.Int32, Raw(Ints), [.. Ints.Select(v => Varint(v))] },
            { 5, OnnxType.Half, Raw(Halves), [.. Halves.Select(v => Varint(BitConverter.HalfToUInt16Bits(v)))] },
            { 5, OnnxType.Int8, Raw(Bytes), [.. Bytes.Select(v => Varint(v))] },
            { 11, OnnxType.Uint32, Raw(Uints), [.. Uints.Select(v => Varint(v))] },
            { 11, OnnxType.Uint64, Raw(Ulongs), [.. Ulongs.Select(v => Varint(unchecked((long)v)))] },
        };

    /// <summary>Packed, one field for each number, both; the type before the numbers and behind them.</summary>
    [Theory]
    [MemberData(nameof(Lists))]
    public void Read_OfAList_IsTheRawData(int field, OnnxType type, byte[] raw, byte[][] numbers)
    {
        byte[] packed = [.. Tag(field, 2), .. Varint(numbers.Sum(n => n.Length)), .. numbers.SelectMany(n => n)];
        int wire = field switch
        {
            4 => 5,
            10 => 1,
            _ => 0,
        };
        byte[] single = [.. numbers.SelectMany(n => (byte[])[.. Tag(field, wire), .. n])];
        byte[] told = [.. Tag(2, 0), .. Varint((long)type)];

        Assert.Equal(raw, Read([.. told, .. packed]));
        Assert.Equal(raw, Read([.. told, .. single]));
        Assert.Equal(raw, Read([.. packed, .. told]));
        Assert.Equal(raw, Read([.. single, .. told]));
        Assert.Equal((byte[])[.. raw, .. raw], Read([.. packed, .. told, .. single]));
    }

    [Theory]
    [InlineData(4, OnnxType.Int64)]
    [InlineData(7, OnnxType.Float)]
    [InlineData(5, OnnxType.Float)]
    [InlineData(10, OnnxType.Float)]
    [InlineData(11, OnnxType.Int32)]
    public void Read_OfAListOfAnotherType_IsRefused(int field, OnnxType type)
    {
        byte[] list = [.. Tag(field, 2), 8, 1, 2, 3, 4, 5, 6, 7, 8];

        ModelException e = Assert.Throws<ModelException>(() => Read([.. Tag(2, 0), .. Varint((long)type), .. list]));

        Assert.Equal("model-format", e.Code);
        Assert.Contains("list of another type", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfRawDataAndAList_IsRefused() =>
        Assert.Contains(
            "raw data and a list",
            Assert
                .Throws<ModelException>(() =>
                    Read([.. Tag(2, 0), 1, .. Tag(9, 2), 4, 0, 0, 0, 0, .. Tag(4, 2), 4, 0, 0, 0, 0])
                )
                .Message,
            StringComparison.Ordinal
        );

    /// <summary>A million fields of one number each: joining them takes no longer for each than for a few.</summary>
    [Fact]
    public void Read_OfVeryManySingleNumbers_IsLinear()
    {
        byte[] tensor = new byte[2_000_002];
        for (int i = 0; i < 1_000_000; i++)
        {
            (tensor[2 * i], tensor[(2 * i) + 1]) = (7 << 3, 1);
        }

        (tensor[^2], tensor[^1]) = (2 << 3, (byte)OnnxType.Int64);
        byte[] file = Hostile.WithInitializer(tensor);
        _ = OnnxReader.Read(file);
        long before = GC.GetAllocatedBytesForCurrentThread();

        OnnxTensor read = OnnxReader.Read(file).Graph.Initializers[0];

        Assert.Equal(8_000_000, read.Data.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 8_000_000, 8_100_000);
    }

    private static byte[] Read(byte[] tensor) =>
        OnnxReader.Read(Hostile.WithInitializer(tensor)).Graph.Initializers[0].Data.ToArray();

    private static byte[] Raw<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static byte[] Tag(int field, int wire) => Varint((field << 3) | wire);

    private static byte[] Varint(long value) => Hostile.Varint(unchecked((ulong)value));
}
