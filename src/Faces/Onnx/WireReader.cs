using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
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

    private const int LastField = (1 << 29) - 1;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

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
        Wire = (int)(tag & 7);
        if (tag >> 3 is 0 or > LastField)
        {
            throw Broken($"a field has the number {tag >> 3}");
        }

        Field = (int)(tag >> 3);
        return true;
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

    /// <summary>A text for people; bytes that are no UTF-8 are replaced. It is no longer than allowed with what replaces them.</summary>
    public string Text(int longest)
    {
        string text = Encoding.UTF8.GetString(Short(longest).Span);
        return text.Length <= longest / 3 || Encoding.UTF8.GetByteCount(text) <= longest
            ? text
            : throw Broken($"a text of more than {longest / 3} bytes is no UTF-8");
    }

    /// <summary>A text that other parts of the file refer to: two that differ must not become the same.</summary>
    public string Name(int longest)
    {
        try
        {
            return Strict.GetString(Short(longest).Span);
        }
        catch (DecoderFallbackException)
        {
            throw Broken("a name is no UTF-8");
        }
    }

    /// <summary>Whole numbers that <see cref="Integers"/> will come to here; nothing is taken.</summary>
    public readonly int CountIntegers()
    {
        WireReader ahead = this;
        return Wire == Bytes ? LastBytes(ahead.TakeCounted().Span) : 1;
    }

    /// <summary>One number, or all of a packed list.</summary>
    public void Integers(List<long> into)
    {
        into.EnsureCapacity(into.Count + CountIntegers());
        if (Wire != Bytes)
        {
            into.Add(Integer());
            return;
        }

        ReadOnlySpan<byte> packed = TakeCounted().Span;
        for (int at = 0; at < packed.Length; )
        {
            into.Add((long)VarintOf(packed, ref at));
        }
    }

    /// <summary>As <see cref="Integers"/>, each cut to <paramref name="size"/> bytes, little-endian.</summary>
    /// <returns>Bytes written.</returns>
    public int CopyIntegers(Span<byte> into, int size)
    {
        Span<byte> one = stackalloc byte[8];
        if (Wire != Bytes)
        {
            BinaryPrimitives.WriteInt64LittleEndian(one, Integer());
            one[..size].CopyTo(into);
            return size;
        }

        int written = 0;
        ReadOnlySpan<byte> packed = TakeCounted().Span;
        for (int at = 0; at < packed.Length; )
        {
            BinaryPrimitives.WriteInt64LittleEndian(one, (long)VarintOf(packed, ref at));
            one[..size].CopyTo(into[written..]);
            written += size;
        }

        return written;
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
            case 3 or 4:
                throw Broken("a field is a group, which ONNX does not use");
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

    private ulong ReadVarint() => VarintOf(_message.Span, ref _at);

    private static ulong VarintOf(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 70 && at < bytes.Length; shift += 7)
        {
            byte one = bytes[at++];
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80)
            {
                return shift < 63 || one <= 1 ? value : throw Broken("a number has more than 64 bits");
            }
        }

        throw Broken("a number does not end");
    }

    private ReadOnlyMemory<byte> Short(int longest)
    {
        ReadOnlyMemory<byte> bytes = Message();
        return bytes.Length <= longest ? bytes : throw Broken($"a name has {bytes.Length} bytes, more than {longest}");
    }

    /// <summary>Bytes below 0x80: each is the last of a varint.</summary>
    private static int LastBytes(ReadOnlySpan<byte> packed)
    {
        int others = 0;
        foreach (ulong eight in MemoryMarshal.Cast<byte, ulong>(packed))
        {
            others += BitOperations.PopCount(eight & 0x8080_8080_8080_8080);
        }

        foreach (byte one in packed[(packed.Length & ~7)..])
        {
            others += one >> 7;
        }

        return packed.Length - others;
    }
}
