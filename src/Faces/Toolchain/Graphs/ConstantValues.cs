using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Toolchain.Graphs;

/// <summary>What the constant parts of a graph come to, worked out by the runtime itself, one node at a time and only when asked for.</summary>
internal sealed class ConstantValues
{
    /// <summary>Larger results are never worked out.</summary>
    public const long MostBytes = 1L << 30;

    /// <summary>Operators that make much of little; they are run only where the runtime tells the size of the result beforehand.</summary>
    private static readonly HashSet<string> Growing =
    [
        "ConstantOfShape",
        "Expand",
        "Tile",
        "Range",
        "Resize",
        "Upsample",
        "Pad",
        "OneHot",
        "EyeLike",
    ];

    private static readonly HashSet<string> Random =
    [
        "RandomNormal",
        "RandomNormalLike",
        "RandomUniform",
        "RandomUniformLike",
        "Multinomial",
        "Bernoulli",
    ];

    private readonly OnnxModel _model;
    private readonly GraphView _view;
    private readonly HashSet<OnnxNode> _constant = [];
    private readonly Dictionary<string, OnnxTensor?> _known = new(StringComparer.Ordinal);

    public ConstantValues(OnnxModel model, GraphView view)
    {
        _model = model;
        _view = view;
        foreach (OnnxNode node in model.Graph.Nodes)
        {
            // In the graph's order, so that what a node takes was judged before it.
            if (
                node.Domain.Length == 0
                && !IsRandom(node)
                && node.Inputs.Count > 0
                && !GraphView.Subgraphs(node).Any()
                && node.Inputs.TrueForAll(name => name.Length == 0 || IsConstant(name))
            )
            {
                _ = _constant.Add(node);
            }
        }
    }

    public static bool IsRandom(OnnxNode node) => Random.Contains(node.Operator);

    /// <summary>The node's result depends on constants alone.</summary>
    public bool IsConstant(OnnxNode node) => _constant.Contains(node);

    public bool IsConstant(string value) =>
        _view.Constant(value) is not null || (_view.Maker(value) is { } maker && IsConstant(maker));

    /// <summary>The value; null where it is not constant, too large, or the runtime does not run its node.</summary>
    public OnnxTensor? Of(string value)
    {
        if (_view.Constant(value) is { } constant)
        {
            return constant;
        }

        if (_known.TryGetValue(value, out OnnxTensor? known))
        {
            return known;
        }

        OnnxNode? maker = _view.Maker(value);
        if (maker is not null && IsConstant(maker))
        {
            Evaluate(maker);
        }

        return _known.GetValueOrDefault(value);
    }

    /// <summary>The value as floats; null where it is not a constant of real numbers.</summary>
    public float[]? Floats(string value) =>
        Of(value) is { Type: OnnxType.Float or OnnxType.Half or OnnxType.Double } tensor ? tensor.ToFloats() : null;

    /// <summary>A constant list of whole numbers; null where it is none.</summary>
    public long[]? Integers(string value) =>
        Of(value) is { Type: OnnxType.Int64 or OnnxType.Int32 } tensor ? tensor.ToIntegers() : null;

    /// <summary>Bytes in the file that would be free if this node no longer took the value.</summary>
    public long FreedBytes(string value, OnnxNode user)
    {
        if (!_view.IsOnlyUse(value, user))
        {
            return 0;
        }

        return _view.Constant(value) is { } constant ? constant.Data.Length
            : _view.Maker(value) is { } maker
                ? maker.Inputs.Distinct(StringComparer.Ordinal).Sum(name => FreedBytes(name, maker))
            : 0;
    }

    private void Evaluate(OnnxNode node)
    {
        foreach (string output in node.Outputs)
        {
            _known[output] = null;
        }

        OnnxTensor?[] inputs = [.. node.Inputs.Where(n => n.Length > 0).Distinct(StringComparer.Ordinal).Select(Of)];
        if (Array.Exists(inputs, t => t is null))
        {
            return;
        }

        if (Cast(node, inputs[0]!) is { } cast)
        {
            _known[node.Outputs[0]] = cast;
            return;
        }

        OnnxModel one = new() { IrVersion = Math.Max(4, _model.IrVersion), Graph = { Name = "constant" } };
        foreach ((string domain, long version) in _model.Opsets)
        {
            one.Opsets[domain] = version;
        }

        string[] taken = [.. node.Inputs.Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)];
        one.Graph.Nodes.Add(node);
        one.Graph.Initializers.AddRange(inputs.Select((tensor, i) => tensor!.Named(taken[i])));
        one.Graph.Outputs.AddRange(
            node.Outputs.Where(n => n.Length > 0).Select(n => new OnnxValue(n, OnnxType.Undefined, null))
        );
        try
        {
            using SessionOptions options = TensorSession.Unchanged();
            using TensorSession session = new(OnnxWriter.Write(one), options);
            if (session.Outputs.All(o => IsSmall(node, o)))
            {
                foreach (OnnxTensor tensor in session.Run([]).Where(t => t.Type.Size() > 0))
                {
                    _known[tensor.Name] = tensor;
                }
            }
        }
        catch (ModelException)
        {
            // What the runtime does not run alone stays a node; running the whole model tells whether it matters.
        }
    }

    /// <summary>Files have a Cast for every weight kept as halves: these need no session of the runtime.</summary>
    private static OnnxTensor? Cast(OnnxNode node, OnnxTensor input) =>
        node.Operator == "Cast"
        && input.Type == OnnxType.Half
        && (OnnxType)node.Integer("to", 0) is OnnxType.Float or OnnxType.Double
            ? TensorValues.To(input, (OnnxType)node.Integer("to", 0))
            : null;

    private static bool IsSmall(OnnxNode node, OnnxValue output)
    {
        if (!output.IsTensor || output.Shape is null or [] || output.Shape.Any(d => d.Length is null))
        {
            return !Growing.Contains(node.Operator);
        }

        double elements = output.Shape.Aggregate(1.0, (a, d) => a * d.Length!.Value);
        return elements * Math.Max(1, output.Type.Size()) <= MostBytes;
    }
}
