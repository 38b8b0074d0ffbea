using System.Runtime.InteropServices;

namespace FaceFusion.Batch.ModelPack.Onnx;

/// <summary>
/// An ONNX model under construction. Values are names; nodes and constants are written in the order of the calls, and names are counted,
/// so the same calls give the same bytes. Large float constants are stored in half precision with a Cast, which the runtime folds when
/// it loads the model.
/// </summary>
public sealed class OnnxGraph
{
    /// <summary>The dimension of a shape that stays open: the batch, called N.</summary>
    public const long Batch = -1;

    private const int IrVersion = 8;
    private const int Opset = 17;
    private const int FloatType = 1;
    private const int Int64Type = 7;
    private const int HalfType = 10;

    // Biases and single factors stay in full precision: they cost nothing.
    private const int LargestFullPrecision = 64;

    private readonly ProtoWriter _graph = new();
    private readonly List<ProtoWriter> _inputs = [];
    private readonly List<ProtoWriter> _outputs = [];
    private int _names;

    public void AddInput(string name, params long[] shape) => _inputs.Add(ValueInfo(name, shape));

    /// <summary>Makes a value an output of the model under a name of its own.</summary>
    public void AddOutput(string name, string value, params long[] shape)
    {
        AddNode("Identity", [value], name, []);
        _outputs.Add(ValueInfo(name, shape));
    }

    /// <summary>Adds a node with one output and returns the output's name. An empty input name is an optional input left out.</summary>
    public string Add(string operation, string[] inputs, params OnnxAttribute[] attributes)
    {
        string output = NextName(operation.ToLowerInvariant());
        AddNode(operation, inputs, output, attributes);
        return output;
    }

    /// <summary>A float constant; more than 64 elements are stored in half precision.</summary>
    /// <exception cref="OverflowException">A value does not fit into half precision.</exception>
    public string Constant(long[] shape, float[] values)
    {
        string name = NextName("weight");
        if (values.Length <= LargestFullPrecision)
        {
            AddTensor(name, shape, FloatType, MemoryMarshal.AsBytes(values.AsSpan()));
            return name;
        }

        Half[] halves = [.. values.Select(ToHalf)];
        AddTensor(name + "_half", shape, HalfType, MemoryMarshal.AsBytes(halves.AsSpan()));
        AddNode("Cast", [name + "_half"], name, [OnnxAttribute.Integer("to", FloatType)]);
        return name;
    }

    /// <summary>A float constant that keeps full precision whatever its size: coordinates, not weights.</summary>
    public string ExactConstant(long[] shape, float[] values)
    {
        string name = NextName("exact");
        AddTensor(name, shape, FloatType, MemoryMarshal.AsBytes(values.AsSpan()));
        return name;
    }

    public string Scalar(float value) => Constant([], [value]);

    /// <summary>A one-dimensional constant of 64-bit integers: a shape, axes or indices.</summary>
    public string Integers(params long[] values)
    {
        string name = NextName("integers");
        AddTensor(name, [values.Length], Int64Type, MemoryMarshal.AsBytes(values.AsSpan()));
        return name;
    }

    public byte[] ToBytes(string name)
    {
        _graph.Text(2, name);
        _inputs.ForEach(input => _graph.Message(11, input));
        _outputs.ForEach(output => _graph.Message(12, output));
        return new ProtoWriter()
            .Integer(1, IrVersion)
            .Text(2, "FaceFusion.Batch.ModelPack")
            .Message(7, _graph)
            .Message(8, new ProtoWriter().Text(1, "").Integer(2, Opset))
            .Content.ToArray();
    }

    private static Half ToHalf(float value)
    {
        var half = (Half)value;
        return Half.IsFinite(half)
            ? half
            : throw new OverflowException($"The weight {value} does not fit into half precision.");
    }

    private static ProtoWriter ValueInfo(string name, long[] shape)
    {
        var dimensions = new ProtoWriter();
        foreach (long length in shape)
        {
            dimensions.Message(
                1,
                length == Batch ? new ProtoWriter().Text(2, "N") : new ProtoWriter().Integer(1, length)
            );
        }

        var tensor = new ProtoWriter().Integer(1, FloatType).Message(2, dimensions);
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor));
    }

    private void AddNode(string operation, string[] inputs, string output, OnnxAttribute[] attributes)
    {
        var node = new ProtoWriter();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(3, NextName(operation)).Text(4, operation);
        foreach (OnnxAttribute attribute in attributes)
        {
            node.Message(5, attribute.ToMessage());
        }

        _graph.Message(1, node);
    }

    private void AddTensor(string name, long[] shape, int elementType, ReadOnlySpan<byte> content)
    {
        var tensor = new ProtoWriter();
        foreach (long length in shape)
        {
            tensor.Integer(1, length);
        }

        _graph.Message(5, tensor.Integer(2, elementType).Text(8, name).Bytes(9, content));
    }

    private string NextName(string prefix) => $"{prefix}_{_names++}";
}
