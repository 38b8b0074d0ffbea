namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>Constants, whose numbers are raw data or one of the lists of their type.</summary>
public sealed partial class OnnxReader
{
    private OnnxTensor Tensor(ReadOnlyMemory<byte> message)
    {
        Count(ref _tensors, _limits.Tensors, "tensors");
        string name = "";
        OnnxType type = OnnxType.Undefined;
        List<long> shape = [];
        ReadOnlyMemory<byte>? raw = null;
        Dictionary<string, string>? external = null;
        bool isElsewhere = false;
        int list = 0;
        long count = 0;
        WireReader fields = new(message);
        while (fields.Next())
        {
            int numbers = 0;
            switch (fields.Field)
            {
                case 1:
                    Rank(shape.Count + fields.CountIntegers());
                    fields.Integers(shape);
                    break;
                case 2:
                    // Protobuf keeps the low 32 bits too.
                    type = (OnnxType)(int)fields.Integer();
                    break;
                case 3:
                    throw WireReader.Broken("a tensor comes in segments");
                case 4:
                    numbers = fields.FixedNumbers(4).Length / 4;
                    break;
                case 5 or 7 or 11:
                    numbers = fields.CountIntegers();
                    fields.Skip();
                    break;
                case 8:
                    name = Name(ref fields);
                    break;
                case 9:
                    raw = fields.Message();
                    break;
                case 10:
                    numbers = fields.FixedNumbers(8).Length / 8;
                    break;
                case 13:
                    (string key, string value) = Entry(fields.Message());
                    if (!(external ??= new Dictionary<string, string>(StringComparer.Ordinal)).TryAdd(key, value))
                    {
                        throw WireReader.Broken("a tensor names a place of its data twice");
                    }

                    break;
                case 14:
                    isElsewhere |= fields.Integer() != 0;
                    break;
                default:
                    fields.Skip();
                    break;
            }

            if (numbers > 0)
            {
                bool isOther = list != 0 && list != fields.Field;
                list = isOther ? throw WireReader.Broken("a tensor has numbers in two lists") : fields.Field;
                count += numbers;
            }
        }

        if (raw is not null && count > 0)
        {
            throw WireReader.Broken("a tensor has raw data and a list of numbers");
        }

        return new OnnxTensor
        {
            Name = name,
            Type = type,
            Shape = shape,
            Data = raw ?? Listed(message, type, list, count),
            External = isElsewhere ? external ?? [] : external,
        };
    }

    /// <summary>
    /// The numbers of a list as raw data. The message is walked a second time: the type may stand behind the numbers, and memory is taken
    /// once, for what is there. Empty for types without raw data.
    /// </summary>
    private byte[] Listed(ReadOnlyMemory<byte> message, OnnxType type, int list, long count)
    {
        int size = type.Size();
        if (count == 0 || size == 0)
        {
            return [];
        }

        if (list != ListOf(type))
        {
            throw WireReader.Broken($"a tensor of {type} has its numbers in a list of another type");
        }

        Elements(count);
        // A complex number is two entries of its list.
        byte[] bytes = new byte[count * (type is OnnxType.Complex64 or OnnxType.Complex128 ? size / 2 : size)];
        int at = 0;
        WireReader fields = new(message);
        while (fields.Next())
        {
            if (fields.Field != list)
            {
                fields.Skip();
            }
            else if (list is 4 or 10)
            {
                ReadOnlyMemory<byte> some = fields.FixedNumbers(list == 4 ? 4 : 8);
                some.Span.CopyTo(bytes.AsSpan(at));
                at += some.Length;
            }
            else
            {
                at += fields.CopyIntegers(bytes.AsSpan(at), size);
            }
        }

        return bytes;
    }

    /// <summary>The field of onnx.proto's TensorProto that lists numbers of a type.</summary>
    private static int ListOf(OnnxType type) =>
        type switch
        {
            OnnxType.Float or OnnxType.Complex64 => 4,
            OnnxType.Int64 => 7,
            OnnxType.Double or OnnxType.Complex128 => 10,
            OnnxType.Uint32 or OnnxType.Uint64 => 11,
            _ => 5,
        };

    private void Rank(long rank)
    {
        if (rank > _limits.Rank)
        {
            throw WireReader.Broken($"a shape has more than {_limits.Rank} dimensions");
        }
    }
}
