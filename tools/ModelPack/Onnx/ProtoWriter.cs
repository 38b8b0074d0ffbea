using System.Buffers;
using System.Text;

namespace FaceFusion.Batch.ModelPack.Onnx;

/// <summary>Writes one protocol buffer message, field by field in the order of the calls.</summary>
public sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _content = new();

    public ReadOnlySpan<byte> Content => _content.WrittenSpan;

    public ProtoWriter Integer(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtoWriter Float(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        _content.Write(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        _content.Write(value);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(int field, ProtoWriter value) => Bytes(field, value.Content);

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _content.Write([(byte)(value | 0x80)]);
        }

        _content.Write([(byte)value]);
    }
}
