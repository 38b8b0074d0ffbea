using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Optimising;

/// <summary>
/// Puts the results of constant nodes in their place, and shapes of values whose shape is known. A result may be larger than the constants
/// that it frees by <paramref name="growth"/> bytes at most: weights kept as halves behind a Cast would take twice the room.
/// </summary>
internal sealed class ConstantFolding(long growth) : IGraphPass
{
    public string Name => "constant folding";

    public void Apply(OnnxModel model, ICollection<string> notes)
    {
        FoldShapes(model);
        OnnxGraph graph = model.Graph;
        GraphView view = new(graph);
        ConstantValues values = new(model, view);
        long kept = 0;
        int left = 0;
        foreach (OnnxNode node in graph.Nodes.ToArray())
        {
            if (!values.IsConstant(node) || node.Outputs.Exists(view.IsOutput))
            {
                continue;
            }

            long freed = node.Inputs.Distinct(StringComparer.Ordinal).Sum(name => values.FreedBytes(name, node));
            if (CastBytes(node, view) is { } bytes && bytes > freed + growth)
            {
                // Known without being worked out.
                left++;
                kept += bytes - freed;
                continue;
            }

            string[] outputs = [.. node.Outputs.Where(name => name.Length > 0 && view.Users(name).Count > 0)];
            OnnxTensor?[] folded = [.. outputs.Select(values.Of)];
            if (
                folded.Length > 0
                && Array.TrueForAll(folded, t => t is not null)
                && folded.Sum(t => (long)t!.Data.Length) <= freed + growth
            )
            {
                graph.Initializers.AddRange(folded.Select((tensor, i) => tensor!.Named(outputs[i])));
                _ = graph.Nodes.Remove(node);
            }
        }

        if (left > 0)
        {
            notes.Add($"{left} casts of half-precision weights stay: folded, the file would grow by {kept} bytes");
        }
    }

    private static long? CastBytes(OnnxNode node, GraphView view) =>
        node.Operator == "Cast" && view.Constant(node.Inputs[0]) is { } tensor
            ? tensor.Count * ((OnnxType)node.Integer("to", 0)).Size()
            : null;

    /// <summary>Shape of a value that is no constant itself but has a shape without open dimensions.</summary>
    private static void FoldShapes(OnnxModel model)
    {
        if (!model.Graph.Nodes.Exists(n => n is { Operator: "Shape", Domain: "" }))
        {
            return;
        }

        IReadOnlyDictionary<string, OnnxValue> shapes = ValueShapes.Of(model);
        GraphView view = new(model.Graph);
        foreach (OnnxNode node in model.Graph.Nodes.ToArray())
        {
            if (
                node is { Operator: "Shape", Domain: "", Attributes.Count: 0 }
                && !view.IsOutput(node.Outputs[0])
                && shapes.GetValueOrDefault(node.Inputs[0])?.Shape is { } shape
                && shape.All(d => d.Length is not null)
            )
            {
                long[] lengths = [.. shape.Select(d => d.Length!.Value)];
                model.Graph.Initializers.Add(OnnxTensor.Of(node.Outputs[0], [lengths.Length], lengths));
                _ = model.Graph.Nodes.Remove(node);
            }
        }
    }
}
