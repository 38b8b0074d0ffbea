using System.Buffers.Binary;

namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>Attributes, tensors and shapes.</summary>
public sealed partial class OnnxReader
{
    private OnnxAttribute Attribute(ReadOnlyMemory<byte> message, int depth)
    {
        string name = "";
        OnnxAttributeKind kind = OnnxAttributeKind.Undefined;
        float number = 0;
        long integer = 0;
        string text = "";
        OnnxTensor? tensor = null;
        OnnxGraph? graph = null;
        List<float> floats = [];
        List<long> integers = [];
        List<string> texts = [];
        List<OnnxTensor> tensors = [];
        List<OnnxGraph> graphs = [];
        WireReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    name = Name(ref fields);
                    break;
                case 2:
                    number = fields.Float();
                    break;
                case 3:
                    integer = fields.Integer();
                    break;
                case 4:
                    text = fields.Text(int.MaxValue);
                    break;
                case 5:
                    tensor = Tensor(fields.Message());
                    break;
                case 6:
                    graph = Graph(fields.Message(), depth + 1);
                    break;
                case 7:
                    ReadOnlyMemory<byte> some = fields.FixedNumbers(4);
                    Elements(some.Length / 4);
                    for (int i = 0; i < some.Length; i += 4)
                    {
                        floats.Add(BinaryPrimitives.ReadSingleLittleEndian(some.Span[i..]));
                    }

                    break;
                case 8:
                    int before = integers.Count;
                    fields.Integers(integers);
                    Elements(integers.Count - before);
                    break;
                case 9:
                    Elements(1);
                    texts.Add(fields.Text(int.MaxValue));
                    break;
                case 10:
                    tensors.Add(Tensor(fields.Message()));
                    break;
                case 11:
                    graphs.Add(Graph(fields.Message(), depth + 1));
                    break;
                case 20:
                    kind = (OnnxAttributeKind)fields.Integer();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return new OnnxAttribute
        {
            Name = name,
            Kind = kind,
            Float = number,
            Integer = integer,
            Text = text,
            Tensor = tensor,
            Graph = graph,
            Floats = floats,
            Integers = integers,
            Texts = texts,
            Tensors = tensors,
            Graphs = graphs,
        };
    }

    private OnnxTensor Tensor(ReadOnlyMemory<byte> message)
    {
        Count(ref _tensors, _limits.Tensors, "tensors");
        string name = "";
        OnnxType type = OnnxType.Undefined;
        List<long> shape = [];
        ReadOnlyMemory<byte>? raw = null;
        List<byte[]> typed = [];
        Dictionary<string, string>? external = null;
        bool isElsewhere = false;
        WireReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    fields.Integers(shape);
                    Rank(shape.Count);
                    break;
                case 2:
                    type = (OnnxType)fields.Integer();
                    break;
                case 4:
                    typed.Add(Fixed(ref fields, 4));
                    break;
                case 5:
                    typed.Add(Varints(ref fields, type is OnnxType.Int32 ? 4 : type.Size()));
                    break;
                case 7 or 11:
                    typed.Add(Varints(ref fields, type == OnnxType.Uint32 ? 4 : 8));
                    break;
                case 8:
                    name = Name(ref fields);
                    break;
                case 9:
                    raw = fields.Message();
                    break;
                case 10:
                    typed.Add(Fixed(ref fields, 8));
                    break;
                case 13:
                    (string key, string value) = Entry(fields.Message());
                    (external ??= new Dictionary<string, string>(StringComparer.Ordinal))[key] = value;
                    break;
                case 14:
                    isElsewhere = fields.Integer() == 1;
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return new OnnxTensor
        {
            Name = name,
            Type = type,
            Shape = shape,
            Data = raw ?? Joined(typed),
            External = isElsewhere ? external ?? [] : external,
        };
    }

    private byte[] Fixed(ref WireReader fields, int size)
    {
        ReadOnlyMemory<byte> some = fields.FixedNumbers(size);
        Elements(some.Length / size);
        return some.ToArray();
    }

    /// <summary>Numbers that the file holds as varints, each cut to its type's size. The type stands before them in every writer's order.</summary>
    private byte[] Varints(ref WireReader fields, int size)
    {
        List<long> values = [];
        fields.Integers(values);
        Elements(values.Count);
        if (size == 0)
        {
            throw WireReader.Broken("a tensor's numbers come before their type");
        }

        byte[] bytes = new byte[values.Count * size];
        Span<byte> one = stackalloc byte[8];
        for (int i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(one, values[i]);
            one[..Math.Min(size, 8)].CopyTo(bytes.AsSpan(i * size));
        }

        return bytes;
    }

    private static byte[] Joined(List<byte[]> parts) => parts.Count == 1 ? parts[0] : [.. parts.SelectMany(p => p)];

    private OnnxValue Value(ReadOnlyMemory<byte> message)
    {
        Count(ref _names, _limits.Names, "names");
        string name = "";
        OnnxValue value = new("", OnnxType.Undefined, null) { IsTensor = false };
        WireReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    name = Name(ref fields);
                    break;
                case 2:
                    value = ValueType(fields.Message());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return value with
        {
            Name = name,
        };
    }

    private OnnxValue ValueType(ReadOnlyMemory<byte> message)
    {
        OnnxType type = OnnxType.Undefined;
        List<OnnxDimension>? shape = null;
        bool isTensor = false;
        WireReader fields = new(message);
        while (fields.Next())
        {
            if (fields.Field != 1)
            {
                fields.Skip();
                continue;
            }

            isTensor = true;
            WireReader tensor = new(fields.Message());
            while (tensor.Next())
            {
                switch (tensor.Field)
                {
                    case 1:
                        type = (OnnxType)tensor.Integer();
                        break;
                    case 2:
                        shape = Shape(tensor.Message());
                        break;
                    default:
                        tensor.Skip();
                        break;
                }
            }
        }

        return new OnnxValue("", type, shape) { IsTensor = isTensor };
    }

    private List<OnnxDimension> Shape(ReadOnlyMemory<byte> message)
    {
        List<OnnxDimension> shape = [];
        WireReader fields = new(message);
        while (fields.Next())
        {
            if (fields.Field != 1)
            {
                fields.Skip();
                continue;
            }

            Rank(shape.Count + 1);
            long? length = null;
            string symbol = "";
            WireReader dimension = new(fields.Message());
            while (dimension.Next())
            {
                switch (dimension.Field)
                {
                    case 1:
                        length = dimension.Integer();
                        break;
                    case 2:
                        symbol = Name(ref dimension);
                        break;
                    default:
                        dimension.Skip();
                        break;
                }
            }

            shape.Add(new OnnxDimension(length, symbol));
        }

        return shape;
    }

    private void Rank(int rank)
    {
        if (rank > _limits.Rank)
        {
            throw WireReader.Broken($"a shape has more than {_limits.Rank} dimensions");
        }
    }
}
