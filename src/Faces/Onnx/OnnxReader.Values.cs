namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>Values with their types and shapes.</summary>
public sealed partial class OnnxReader
{
    private OnnxValue Value(ReadOnlyMemory<byte> message)
    {
        Count(ref _names, _limits.Names, "names");
        string name = "";
        OnnxValue? value = null;
        WireReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    name = Name(ref fields);
                    break;
                case 2:
                    Once(value, "a value has two types");
                    value = ValueType(fields.Message());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return value is null
            ? new OnnxValue(name, OnnxType.Undefined, null) { IsTensor = false }
            : value with
            {
                Name = name,
            };
    }

    private OnnxValue ValueType(ReadOnlyMemory<byte> message)
    {
        OnnxValue? tensor = null;
        bool isOther = false;
        WireReader fields = new(message);
        while (fields.Next())
        {
            if (fields.Field == 1)
            {
                Once(tensor, "a value has two types");
                tensor = TensorType(fields.Message());
                continue;
            }

            // 6 is a text for people; the others are sequences, maps and the like.
            isOther |= fields.Field != 6;
            fields.Skip();
        }

        return (tensor ?? new OnnxValue("", OnnxType.Undefined, null)) with
        {
            IsTensor = tensor is not null && !isOther,
        };
    }

    private OnnxValue TensorType(ReadOnlyMemory<byte> message)
    {
        OnnxType type = OnnxType.Undefined;
        List<OnnxDimension>? shape = null;
        WireReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    type = (OnnxType)(int)fields.Integer();
                    break;
                case 2:
                    Once(shape, "a value has two shapes");
                    shape = Shape(fields.Message());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return new OnnxValue("", type, shape);
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
            Count(ref _names, _limits.Names, "names");
            shape.Add(Dimension(fields.Message()));
        }

        return shape;
    }

    private OnnxDimension Dimension(ReadOnlyMemory<byte> message)
    {
        OnnxDimension dimension = new(null);
        WireReader fields = new(message);
        while (fields.Next())
        {
            // A length or a name; where a file has both, the last one counts.
            switch (fields.Field)
            {
                case 1:
                    dimension = new OnnxDimension(fields.Integer());
                    break;
                case 2:
                    dimension = OnnxDimension.Open(Name(ref fields));
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return dimension;
    }
}
