using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Optimising;

/// <summary>Of two changes of shape, or two transposes, in a row the first goes: the last one says how the values lie.</summary>
internal sealed class LayoutChains : IGraphPass
{
    public string Name => "chains of reshapes";

    public void Apply(OnnxModel model, ICollection<string> notes)
    {
        OnnxGraph graph = model.Graph;
        GraphView view = new(graph);
        foreach (OnnxNode node in graph.Nodes.ToArray())
        {
            if (
                node.Domain.Length > 0
                || node.Operator is not ("Reshape" or "Transpose")
                || view.Maker(node.Inputs[0]) is not { Domain: "" } before
                || !view.IsOnlyUse(node.Inputs[0], node)
            )
            {
                continue;
            }

            if (node.Operator == "Reshape" ? Reshape(node, before, view) : Transpose(node, before))
            {
                node.Inputs[0] = before.Inputs[0];
                _ = graph.Nodes.Remove(before);
                view = new GraphView(graph);
            }
        }
    }

    /// <summary>A shape that copies no dimension (a zero) of what it is given does not depend on how that lies.</summary>
    private static bool Reshape(OnnxNode node, OnnxNode before, GraphView view) =>
        before.Operator is "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze"
        && view.Constant(node.Inputs[1]) is { Type: OnnxType.Int64 } shape
        && (node.Integer("allowzero", 0) != 0 || !shape.ToIntegers().Contains(0));

    private static bool Transpose(OnnxNode node, OnnxNode before)
    {
        if (
            before.Operator != "Transpose"
            || before.Find("perm") is not { } first
            || node.Find("perm") is not { } second
            || first.Integers.Count != second.Integers.Count
        )
        {
            return false;
        }

        node.Set(OnnxAttribute.OfMany("perm", [.. second.Integers.Select(axis => first.Integers[(int)axis])]));
        return true;
    }
}
