using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>A constant. Its bytes are little-endian and row-major, however the file held them.</summary>
public sealed class OnnxTensor
{
    public string Name { get; set; } = "";

    public required OnnxType Type { get; init; }

    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>Empty where the content is elsewhere or text. May be shorter or longer than the shape asks for: <see cref="OnnxReader"/> does not judge.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Keys of a content that lies in another file (<c>location</c>, <c>offset</c>, <c>length</c>); null where it does not.</summary>
    public IReadOnlyDictionary<string, string>? External { get; init; }

    /// <summary>Elements by the shape.</summary>
    /// <exception cref="OverflowException">More than a whole number of 64 bits can tell.</exception>
    public long Count => Shape.Aggregate(1L, (a, b) => checked(a * b));

    /// <summary>The same content under another name.</summary>
    public OnnxTensor Named(string name) =>
        new()
        {
            Name = name,
            Type = Type,
            Shape = Shape,
            Data = Data,
            External = External,
        };

    public static OnnxTensor Of(string name, IReadOnlyList<long> shape, ReadOnlySpan<float> values) =>
        OfValues(name, OnnxType.Float, shape, values);

    public static OnnxTensor Of(string name, IReadOnlyList<long> shape, ReadOnlySpan<Half> values) =>
        OfValues(name, OnnxType.Half, shape, values);

    public static OnnxTensor Of(string name, IReadOnlyList<long> shape, ReadOnlySpan<double> values) =>
        OfValues(name, OnnxType.Double, shape, values);

    public static OnnxTensor Of(string name, IReadOnlyList<long> shape, ReadOnlySpan<long> values) =>
        OfValues(name, OnnxType.Int64, shape, values);

    public static OnnxTensor Of(string name, IReadOnlyList<long> shape, ReadOnlySpan<int> values) =>
        OfValues(name, OnnxType.Int32, shape, values);

    public static OnnxTensor Of(string name, IReadOnlyList<long> shape, ReadOnlySpan<sbyte> values) =>
        OfValues(name, OnnxType.Int8, shape, values);

    public static OnnxTensor Of(string name, IReadOnlyList<long> shape, ReadOnlySpan<byte> values) =>
        OfValues(name, OnnxType.Uint8, shape, values);

    /// <summary>The values of a float, half or double tensor as floats.</summary>
    /// <exception cref="InvalidOperationException">It is of another type, or has not the elements of its shape.</exception>
    public float[] ToFloats()
    {
        if (Type.Size() == 0 || Data.Length != Count * Type.Size())
        {
            throw new InvalidOperationException($"{Name} has not the {Count} elements of its shape.");
        }

        ReadOnlySpan<byte> bytes = Data.Span;
        if (Type == OnnxType.Float)
        {
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        }

        float[] values = new float[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Type switch
            {
                OnnxType.Half => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(i * 2)..]),
                OnnxType.Double => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * 8)..]),
                _ => throw new InvalidOperationException($"{Name} holds {Type} and no real numbers."),
            };
        }

        return values;
    }

    /// <summary>The values of an integer tensor of 32 or 64 bits.</summary>
    /// <exception cref="InvalidOperationException">It is of another type, or has not the elements of its shape.</exception>
    public long[] ToIntegers()
    {
        if (Type is not (OnnxType.Int64 or OnnxType.Int32) || Data.Length != Count * Type.Size())
        {
            throw new InvalidOperationException($"{Name} is no list of {Count} whole numbers.");
        }

        ReadOnlySpan<byte> bytes = Data.Span;
        long[] values = new long[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] =
                Type == OnnxType.Int64
                    ? BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * 8)..])
                    : BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * 4)..]);
        }

        return values;
    }

    private static OnnxTensor OfValues<T>(string name, OnnxType type, IReadOnlyList<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged =>
        new()
        {
            Name = name,
            Type = type,
            Shape = shape,
            // Every machine that this runs on is little-endian.
            Data = MemoryMarshal.AsBytes(values).ToArray(),
        };
}
