namespace FaceFusion.Batch.Faces.Onnx;

/// <summary>
/// Builds an ONNX model node by node. Values are names; names that are not given are counted, so the same calls give the same bytes.
/// </summary>
public sealed class OnnxBuilder
{
    private readonly OnnxModel _model = new() { IrVersion = 8, Producer = "FaceFusion.Batch" };
    private int _names;

    /// <param name="opset">Version of ONNX's operators.</param>
    public OnnxBuilder(long opset = 17) => _model.Opsets[""] = opset;

    public string Input(string name, OnnxType type, params IReadOnlyList<OnnxDimension> shape)
    {
        _model.Graph.Inputs.Add(new OnnxValue(name, type, shape));
        return name;
    }

    /// <summary>Makes a value an output of the model under a name of its own.</summary>
    public void Output(string name, string value, OnnxType type, params IReadOnlyList<OnnxDimension> shape)
    {
        AddNode("Identity", [value], [name], []);
        _model.Graph.Outputs.Add(new OnnxValue(name, type, shape));
    }

    public string Constant(IReadOnlyList<long> shape, ReadOnlySpan<float> values) =>
        Add(OnnxTensor.Of(Next("weight"), shape, values));

    public string Scalar(float value) => Constant([], [value]);

    /// <summary>A list of whole numbers: a shape, axes, pads.</summary>
    public string Integers(params ReadOnlySpan<long> values) =>
        Add(OnnxTensor.Of(Next("integers"), [values.Length], values));

    public string Add(OnnxTensor tensor)
    {
        _model.Graph.Initializers.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a node with one output, and returns the output.</summary>
    public string Node(string operation, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes)
    {
        string output = Next(operation.ToLowerInvariant());
        AddNode(operation, inputs, [output], attributes);
        return output;
    }

    /// <summary>Adds a node with several outputs, and returns them.</summary>
    public IReadOnlyList<string> Nodes(
        string operation,
        IReadOnlyList<string> inputs,
        int outputs,
        params IReadOnlyList<OnnxAttribute> attributes
    )
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => Next(operation.ToLowerInvariant()))];
        AddNode(operation, inputs, names, attributes);
        return names;
    }

    public OnnxModel ToModel(string name)
    {
        _model.Graph.Name = name;
        return _model;
    }

    public byte[] ToBytes(string name) => OnnxWriter.Write(ToModel(name));

    private void AddNode(
        string operation,
        IReadOnlyList<string> inputs,
        IReadOnlyList<string> outputs,
        IReadOnlyList<OnnxAttribute> attributes
    )
    {
        OnnxNode node = new() { Name = Next(operation), Operator = operation };
        node.Inputs.AddRange(inputs);
        node.Outputs.AddRange(outputs);
        node.Attributes.AddRange(attributes);
        _model.Graph.Nodes.Add(node);
    }

    private string Next(string prefix) => $"{prefix}_{_names++}";
}
