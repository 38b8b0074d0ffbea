using System.Buffers.Binary;
using System.Text;

namespace FaceFusion.Batch.ModelPack.Tflite;

/// <summary>
/// The options of a custom operator: a FlexBuffer whose root is a map from text to numbers and vectors of integers. The root stands at the
/// file's end; offsets point backwards; the two low bits of a type say how wide (1, 2, 4 or 8 bytes) what it points to is.
/// </summary>
public sealed class FlexMap
{
    private const int MapType = 9;
    private const int IntegerVectorType = 11;
    private const int UnsignedVectorType = 12;

    private readonly byte[] _file;
    private readonly Dictionary<string, (int Position, int Width, int PackedType)> _values = [];

    /// <exception cref="InvalidDataException">Truncated, or its root is no map.</exception>
    public FlexMap(byte[] file)
    {
        _file = file;
        int rootWidth = (int)Unsigned(file.Length - 1, 1);
        int rootType = (int)Unsigned(file.Length - 2, 1);
        if (rootType >> 2 != MapType)
        {
            throw new InvalidDataException("FlexBuffer: the root is not a map.");
        }

        int width = 1 << (rootType & 3);
        int map = Follow(file.Length - 2 - rootWidth, rootWidth);
        int count = (int)Unsigned(map - width, width);
        int keyWidth = (int)Unsigned(map - (2 * width), width);
        int keys = Follow(map - (3 * width), width);
        for (int i = 0; i < count; i++)
        {
            string key = Key(Follow(keys + (i * keyWidth), keyWidth));
            int packedType = (int)Unsigned(map + (count * width) + i, 1);
            _values[key] = (map + (i * width), width, packedType);
        }
    }

    public int Int32(string key) => checked((int)Signed(Find(key).Position, Find(key).Width));

    public float Single(string key)
    {
        (int position, int width, _) = Find(key);
        return width switch
        {
            4 => BinaryPrimitives.ReadSingleLittleEndian(Slice(position, 4)),
            8 => (float)BinaryPrimitives.ReadDoubleLittleEndian(Slice(position, 8)),
            _ => throw new InvalidDataException($"FlexBuffer: {key} is no 32-bit or 64-bit float."),
        };
    }

    public int[] Int32s(string key)
    {
        (int position, int width, int packedType) = Find(key);
        if (packedType >> 2 is not (IntegerVectorType or UnsignedVectorType))
        {
            throw new InvalidDataException($"FlexBuffer: {key} is no vector of integers.");
        }

        int vector = Follow(position, width);
        int elementWidth = 1 << (packedType & 3);
        int[] values = new int[Unsigned(vector - elementWidth, elementWidth)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = checked((int)Signed(vector + (i * elementWidth), elementWidth));
        }

        return values;
    }

    private (int Position, int Width, int PackedType) Find(string key) =>
        _values.TryGetValue(key, out (int, int, int) value)
            ? value
            : throw new InvalidDataException($"FlexBuffer: there is no option {key}.");

    private int Follow(int position, int width) => position - checked((int)Unsigned(position, width));

    private string Key(int position)
    {
        int length = Slice(position, _file.Length - position).IndexOf((byte)0);
        return Encoding.UTF8.GetString(Slice(position, length));
    }

    private ulong Unsigned(int position, int width) =>
        width switch
        {
            1 => Slice(position, 1)[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(Slice(position, 2)),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(Slice(position, 4)),
            8 => BinaryPrimitives.ReadUInt64LittleEndian(Slice(position, 8)),
            _ => throw new InvalidDataException($"FlexBuffer: {width} is no width of a value."),
        };

    private long Signed(int position, int width)
    {
        int unused = 64 - (8 * width);
        return (long)(Unsigned(position, width) << unused) >> unused;
    }

    private ReadOnlySpan<byte> Slice(int position, int length)
    {
        if (position < 0 || length < 0 || position > _file.Length - length)
        {
            throw new InvalidDataException(
                $"FlexBuffer: {length} bytes at {position} lie outside its {_file.Length} bytes; it is truncated or damaged."
            );
        }

        return _file.AsSpan(position, length);
    }
}
