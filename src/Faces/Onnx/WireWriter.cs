using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>One protobuf message under construction.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Integer(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
    }

    public void Float(int field, float value)
    {
        Varint(((ulong)field << 3) | WireReader.Fixed32);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        _bytes.Write(four);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Message(int field, WireWriter message)
    {
        Varint(((ulong)field << 3) | WireReader.Bytes);
        Varint((ulong)message._bytes.WrittenCount);
        _bytes.Write(message._bytes.WrittenSpan);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | WireReader.Bytes);
        Varint((ulong)value.Length);
        _bytes.Write(value);
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            One((byte)(value | 0x80));
        }

        One((byte)value);
    }

    private void One(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }
}
