using System.Buffers.Binary;
using System.Text;

namespace FaceFusion.Batch.ModelPack.Tflite;

/// <summary>
/// One table of a FlatBuffer file (little-endian; a table begins with the distance back to its vtable, which holds the offset of each
/// field or 0 where the field is absent). Every read is checked against the file's end.
/// </summary>
public readonly struct FlatTable
{
    private readonly byte[] _file;
    private readonly int _position;

    private FlatTable(byte[] file, int position)
    {
        _file = file;
        _position = position;
    }

    /// <summary>The table that the file's first word points to.</summary>
    /// <exception cref="InvalidDataException">The file ends before it.</exception>
    public static FlatTable Root(byte[] file) => new(file, ReadInt32(file, 0));

    public bool Has(int field) => FieldPosition(field) != 0;

    public int Int32(int field, int absent = 0)
    {
        int position = FieldPosition(field);
        return position == 0 ? absent : ReadInt32(_file, position);
    }

    public byte Byte(int field, byte absent = 0)
    {
        int position = FieldPosition(field);
        return position == 0 ? absent : Slice(_file, position, 1)[0];
    }

    /// <summary>A table that this one points to, or null.</summary>
    public FlatTable? Table(int field)
    {
        int position = FieldPosition(field);
        return position == 0 ? null : new FlatTable(_file, position + ReadInt32(_file, position));
    }

    /// <summary>Number of elements in a vector; 0 where it is absent.</summary>
    public int Count(int field)
    {
        int vector = VectorPosition(field);
        return vector == 0 ? 0 : ReadInt32(_file, vector);
    }

    /// <summary>An element of a vector of tables.</summary>
    public FlatTable TableAt(int field, int index)
    {
        int count = Count(field);
        if (index < 0 || index >= count)
        {
            throw new InvalidDataException($"FlatBuffer: element {index} of a vector of {count} is asked for.");
        }

        int position = VectorPosition(field) + 4 + (4 * index);
        return new FlatTable(_file, position + ReadInt32(_file, position));
    }

    public int[] Int32s(int field)
    {
        int[] values = new int[Count(field)];
        int start = VectorPosition(field) + 4;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ReadInt32(_file, start + (4 * i));
        }

        return values;
    }

    /// <summary>A vector of bytes; empty where it is absent.</summary>
    public ReadOnlySpan<byte> Bytes(int field)
    {
        int vector = VectorPosition(field);
        return vector == 0 ? [] : Slice(_file, vector + 4, ReadInt32(_file, vector));
    }

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    private int FieldPosition(int field)
    {
        int vtable = _position - ReadInt32(_file, _position);
        int entry = 4 + (2 * field);
        if (entry >= ReadUInt16(_file, vtable))
        {
            return 0;
        }

        int offset = ReadUInt16(_file, vtable + entry);
        return offset == 0 ? 0 : _position + offset;
    }

    private int VectorPosition(int field)
    {
        int position = FieldPosition(field);
        return position == 0 ? 0 : position + ReadInt32(_file, position);
    }

    private static int ReadInt32(byte[] file, int position) =>
        BinaryPrimitives.ReadInt32LittleEndian(Slice(file, position, 4));

    private static ushort ReadUInt16(byte[] file, int position) =>
        BinaryPrimitives.ReadUInt16LittleEndian(Slice(file, position, 2));

    private static ReadOnlySpan<byte> Slice(byte[] file, int position, int length)
    {
        if (position < 0 || length < 0 || position > file.Length - length)
        {
            throw new InvalidDataException(
                $"FlatBuffer: {length} bytes at {position} lie outside the file of {file.Length} bytes; it is truncated or damaged."
            );
        }

        return file.AsSpan(position, length);
    }
}
