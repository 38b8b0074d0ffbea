using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Batching;

/// <summary>On which axis each value of a graph carries the batch, while the graph is walked through from its inputs.</summary>
internal sealed class BatchTrace
{
    private readonly Dictionary<string, int> _axes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folded = new(StringComparer.Ordinal);

    public BatchTrace(OnnxModel model)
    {
        Model = model;
        Shapes = ShapesOfOne(model);
        View = new GraphView(model.Graph);
    }

    public OnnxModel Model { get; }

    public GraphView View { get; }

    /// <summary>As they were with a batch of one.</summary>
    public IReadOnlyDictionary<string, OnnxValue> Shapes { get; }

    public IReadOnlyCollection<string> Batched => _axes.Keys;

    /// <summary>The value's batch axis; null where it has none.</summary>
    public int? Axis(string value) => _axes.TryGetValue(value, out int axis) ? axis : null;

    public bool IsBatched(string value) => _axes.ContainsKey(value);

    /// <summary>It depends on the batch in a way that only a run can tell.</summary>
    public bool IsUnknown(string value) => _unknown.Contains(value);

    /// <summary>Its axis holds the batch times something else.</summary>
    public bool IsFolded(string value) => _folded.Contains(value);

    public int? Rank(string value) => Shapes.GetValueOrDefault(value)?.Shape?.Count;

    public IReadOnlyList<OnnxDimension>? Shape(string value) => Shapes.GetValueOrDefault(value)?.Shape;

    public void Mark(string value, int axis, bool isFolded = false)
    {
        if (value.Length > 0)
        {
            _axes[value] = axis;
            _ = isFolded ? _folded.Add(value) : _folded.Remove(value);
        }
    }

    public void MarkAll(OnnxNode node, int axis, bool isFolded = false)
    {
        foreach (string output in node.Outputs)
        {
            Mark(output, axis, isFolded);
        }
    }

    public void MarkUnknown(OnnxNode node) => _unknown.UnionWith(node.Outputs);

    /// <summary>The list of whole numbers at this input, if the file tells it.</summary>
    public long[]? Integers(OnnxNode node, int input) =>
        input < node.Inputs.Count && View.Constant(node.Inputs[input]) is { Type: OnnxType.Int64 } tensor
            ? tensor.ToIntegers()
            : null;

    /// <summary>Axes in an attribute (older operators) or at an input, counted from the front; null where none are told.</summary>
    public long[]? Axes(OnnxNode node, int input, int rank) =>
        (node.Find("axes")?.Integers.ToArray() ?? Integers(node, input))?.Select(a => a < 0 ? a + rank : a).ToArray();

    /// <summary>With open first axes closed to 1, so that one batch is told from another number.</summary>
    private static IReadOnlyDictionary<string, OnnxValue> ShapesOfOne(OnnxModel model)
    {
        OnnxValue[] inputs = [.. model.Graph.Inputs];
        model.Graph.Inputs.Clear();
        model.Graph.Inputs.AddRange(
            inputs.Select(i => i.Shape is [{ Length: null }, _, ..] ? i with { Shape = [1L, .. i.Shape.Skip(1)] } : i)
        );
        IReadOnlyDictionary<string, OnnxValue> shapes = ValueShapes.Of(model);
        model.Graph.Inputs.Clear();
        model.Graph.Inputs.AddRange(inputs);
        return shapes;
    }

    public static string NameOf(OnnxNode node) =>
        node.Name.Length > 0 ? $"{node.Operator} {node.Name}" : $"{node.Operator} of {node.Outputs[0]}";

    public static ModelException Refusal(OnnxNode node, string why) =>
        new(
            "model-batch",
            $"The batch cannot be opened: {NameOf(node)} {why}; run this model with a batch of one, or export it with a dynamic batch."
        );
}
