using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>
/// Reads an ONNX file without the runtime, under limits: time and memory grow with the file's bytes alone, whatever it claims. Field
/// numbers are those of onnx.proto. What a file says is taken as it is; whether it may be loaded is for admission to judge.
/// </summary>
public sealed partial class OnnxReader
{
    private readonly OnnxLimits _limits;
    private int _nodes;
    private int _tensors;
    private int _names;
    private long _elements;

    private OnnxReader(OnnxLimits limits) => _limits = limits;

    /// <param name="file">The file. Tensors' data are parts of it, not copies.</param>
    /// <param name="limits">Null: <see cref="OnnxLimits.Default"/>.</param>
    /// <exception cref="ModelException"><c>model-format</c>: it is no ONNX file, or over a limit.</exception>
    public static OnnxModel Read(ReadOnlyMemory<byte> file, OnnxLimits? limits = null)
    {
        limits ??= OnnxLimits.Default;
        return file.Length <= limits.FileBytes
            ? new OnnxReader(limits).Model(file)
            : throw WireReader.Broken($"it has {file.Length} bytes, more than {limits.FileBytes}");
    }

    private OnnxModel Model(ReadOnlyMemory<byte> message)
    {
        OnnxModel model = new();
        bool hasGraph = false;
        WireReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    model.IrVersion = fields.Integer();
                    break;
                case 2:
                    model.Producer = fields.Text(_limits.NameBytes);
                    break;
                case 7 when hasGraph:
                    throw WireReader.Broken("it has two graphs");
                case 7:
                    model.Graph = Graph(fields.Message(), 0);
                    hasGraph = true;
                    break;
                case 8:
                    Opset(fields.Message(), model.Opsets);
                    break;
                case 14:
                    (string key, string value) = Entry(fields.Message());
                    model.Metadata[key] = value;
                    break;
                case 20:
                    model.HasTraining = true;
                    fields.Skip();
                    break;
                case 25:
                    model.Functions++;
                    fields.Skip();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return hasGraph ? model : throw WireReader.Broken("it has no graph");
    }

    private void Opset(ReadOnlyMemory<byte> message, Dictionary<string, long> into)
    {
        string domain = "";
        long version = 0;
        WireReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    domain = Name(ref fields);
                    break;
                case 2:
                    version = fields.Integer();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        // "ai.onnx" is the long name of "".
        domain = domain == "ai.onnx" ? "" : domain;
        if (!into.TryAdd(domain, version) && into[domain] != version)
        {
            throw WireReader.Broken("it names two versions of the same operators");
        }

        if (into.Count > _limits.Domains)
        {
            throw WireReader.Broken($"it names more than {_limits.Domains} sets of operators");
        }
    }

    private OnnxGraph Graph(ReadOnlyMemory<byte> message, int depth)
    {
        if (depth > _limits.Nesting)
        {
            throw WireReader.Broken($"it has graphs within graphs, more than {_limits.Nesting} deep");
        }

        OnnxGraph graph = new();
        WireReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    Count(ref _nodes, _limits.Nodes, "nodes");
                    graph.Nodes.Add(Node(fields.Message(), depth));
                    break;
                case 2:
                    graph.Name = fields.Text(_limits.NameBytes);
                    break;
                case 5:
                    graph.Initializers.Add(Tensor(fields.Message()));
                    break;
                case 11:
                    graph.Inputs.Add(Value(fields.Message()));
                    break;
                case 12:
                    graph.Outputs.Add(Value(fields.Message()));
                    break;
                case 13:
                    graph.Values.Add(Value(fields.Message()));
                    break;
                case 15:
                    graph.SparseInitializers++;
                    fields.Skip();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return graph;
    }

    private OnnxNode Node(ReadOnlyMemory<byte> message, int depth)
    {
        OnnxNode node = new();
        WireReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    node.Inputs.Add(Name(ref fields));
                    break;
                case 2:
                    node.Outputs.Add(Name(ref fields));
                    break;
                case 3:
                    node.Name = Name(ref fields);
                    break;
                case 4:
                    node.Operator = Name(ref fields);
                    break;
                case 5:
                    node.Attributes.Add(Attribute(fields.Message(), depth));
                    break;
                case 7:
                    node.Domain = Name(ref fields);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        node.Domain = node.Domain == "ai.onnx" ? "" : node.Domain;
        return node;
    }

    private (string Key, string Value) Entry(ReadOnlyMemory<byte> message)
    {
        string key = "";
        string value = "";
        WireReader fields = new(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    key = Name(ref fields);
                    break;
                case 2:
                    // A model's own words about itself may be long; nothing of them is interpreted.
                    value = fields.Text(16 * 1024 * 1024);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return (key, value);
    }

    private string Name(ref WireReader fields)
    {
        Count(ref _names, _limits.Names, "names");
        return fields.Name(_limits.NameBytes);
    }

    private static void Count(ref int counter, int limit, string what)
    {
        if (++counter > limit)
        {
            throw WireReader.Broken($"it has more than {limit} {what}");
        }
    }

    private void Elements(long count)
    {
        if ((_elements += count) > _limits.Elements)
        {
            throw WireReader.Broken($"its lists have more than {_limits.Elements} elements");
        }
    }
}
