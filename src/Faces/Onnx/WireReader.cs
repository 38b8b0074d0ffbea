using System.Buffers.Binary;
using System.Text;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>
/// Walks over the fields of one protobuf message (protobuf.dev/programming-guides/encoding). It copies nothing, and every length is held
/// against what is left before anything is made of it.
/// </summary>
internal ref struct WireReader(ReadOnlyMemory<byte> message)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Bytes = 2;
    public const int Fixed32 = 5;

    private readonly ReadOnlyMemory<byte> _message = message;
    private int _at;

    /// <summary>Number of the field that <see cref="Next"/> came to.</summary>
    public int Field { get; private set; }

    public int Wire { get; private set; }

    /// <summary>Comes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_at == _message.Length)
        {
            return false;
        }

        ulong tag = ReadVarint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        Wire = (int)(tag & 7);
        return Field > 0 ? true : throw Broken("a field has the number 0");
    }

    public long Integer()
    {
        Expect(Varint);
        return (long)ReadVarint();
    }

    public float Float()
    {
        Expect(Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4).Span);
    }

    public ReadOnlyMemory<byte> Message()
    {
        Expect(Bytes);
        return TakeCounted();
    }

    public string Text(int longest)
    {
        ReadOnlyMemory<byte> bytes = Message();
        return bytes.Length <= longest
            ? Encoding.UTF8.GetString(bytes.Span)
            : throw Broken($"a name has {bytes.Length} bytes, more than {longest}");
    }

    /// <summary>One number, or all of a packed list.</summary>
    public void Integers(List<long> into)
    {
        if (Wire != Bytes)
        {
            into.Add(Integer());
            return;
        }

        WireReader packed = new(TakeCounted());
        while (packed._at < packed._message.Length)
        {
            into.Add((long)packed.ReadVarint());
        }
    }

    /// <summary>The bytes of one fixed number, or of all of a packed list.</summary>
    public ReadOnlyMemory<byte> FixedNumbers(int size)
    {
        if (Wire != Bytes)
        {
            Expect(size == 4 ? Fixed32 : Fixed64);
            return Take(size);
        }

        ReadOnlyMemory<byte> all = TakeCounted();
        return all.Length % size == 0 ? all : throw Broken("a list of numbers ends within one");
    }

    public void Skip()
    {
        switch (Wire)
        {
            case Varint:
                _ = ReadVarint();
                break;
            case Fixed64:
                _ = Take(8);
                break;
            case Bytes:
                _ = TakeCounted();
                break;
            case Fixed32:
                _ = Take(4);
                break;
            default:
                throw Broken($"a field has the wire type {Wire}");
        }
    }

    public static ModelException Broken(string what) =>
        new("model-format", $"The file is no ONNX model that could be loaded: {what}.");

    private readonly void Expect(int wire)
    {
        if (Wire != wire)
        {
            throw Broken($"field {Field} has the wire type {Wire} where {wire} is due");
        }
    }

    private ReadOnlyMemory<byte> TakeCounted()
    {
        ulong length = ReadVarint();
        return length <= (ulong)(_message.Length - _at)
            ? Take((int)length)
            : throw Broken($"a field claims {length} bytes where {_message.Length - _at} are left");
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length > _message.Length - _at)
        {
            throw Broken("it ends within a number");
        }

        ReadOnlyMemory<byte> taken = _message.Slice(_at, length);
        _at += length;
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        ReadOnlySpan<byte> bytes = _message.Span[_at..];
        for (int i = 0; i < 10 && i < bytes.Length; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                _at += i + 1;
                return value;
            }
        }

        throw Broken("a number does not end");
    }
}
