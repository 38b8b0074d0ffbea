using System.Buffers.Binary;

namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>Attributes of nodes.</summary>
public sealed partial class OnnxReader
{
    private int _attributes;

    private OnnxAttribute Attribute(ReadOnlyMemory<byte> message, int depth)
    {
        Count(ref _attributes, _limits.Attributes, "attributes");
        string name = "";
        OnnxAttributeKind kind = OnnxAttributeKind.Undefined;
        float number = 0;
        long integer = 0;
        string text = "";
        OnnxTensor? tensor = null;
        OnnxGraph? graph = null;
        // Most attributes have one value: lists are made for those that have more.
        List<float>? floats = null;
        List<long>? integers = null;
        List<string>? texts = null;
        List<OnnxTensor>? tensors = null;
        List<OnnxGraph>? graphs = null;
        bool hasUnread = false;
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
                    Once(tensor, "an attribute has two tensors");
                    tensor = Tensor(fields.Message());
                    break;
                case 6:
                    Once(graph, "an attribute has two graphs");
                    graph = Graph(fields.Message(), depth + 1);
                    break;
                case 7:
                    Floats(ref fields, floats ??= []);
                    break;
                case 8:
                    Elements(fields.CountIntegers());
                    fields.Integers(integers ??= []);
                    break;
                case 9:
                    Elements(1);
                    (texts ??= []).Add(fields.Text(int.MaxValue));
                    break;
                case 10:
                    (tensors ??= []).Add(Tensor(fields.Message()));
                    break;
                case 11:
                    (graphs ??= []).Add(Graph(fields.Message(), depth + 1));
                    break;
                case 14 or 15 or 21 or 22 or 23:
                    hasUnread = true;
                    fields.Skip();
                    break;
                case 20:
                    kind = (OnnxAttributeKind)fields.Integer();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        bool isMissing =
            (kind == OnnxAttributeKind.Tensor && tensor is null) || (kind == OnnxAttributeKind.Graph && graph is null);
        if (isMissing)
        {
            throw WireReader.Broken("an attribute has not the value that it names");
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
            Floats = (IReadOnlyList<float>?)floats ?? [],
            Integers = (IReadOnlyList<long>?)integers ?? [],
            Texts = (IReadOnlyList<string>?)texts ?? [],
            Tensors = (IReadOnlyList<OnnxTensor>?)tensors ?? [],
            Graphs = (IReadOnlyList<OnnxGraph>?)graphs ?? [],
            HasUnread = hasUnread,
        };
    }

    private void Floats(ref WireReader fields, List<float> into)
    {
        ReadOnlySpan<byte> some = fields.FixedNumbers(4).Span;
        Elements(some.Length / 4);
        into.EnsureCapacity(into.Count + (some.Length / 4));
        for (; some.Length > 0; some = some[4..])
        {
            into.Add(BinaryPrimitives.ReadSingleLittleEndian(some));
        }
    }

    /// <summary>Other readers of protobuf merge what comes twice: they would see another model than this one does.</summary>
    private static void Once(object? before, string what)
    {
        if (before is not null)
        {
            throw WireReader.Broken(what);
        }
    }
}
