using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Precision;

/// <summary>Which nodes compute in half precision.</summary>
/// <param name="Singles">Names of all values of single precision.</param>
/// <param name="Halves">Nodes that take or make such values in halves.</param>
/// <param name="Kept">Those that do not, and why.</param>
internal sealed record HalfPlan(
    IReadOnlySet<string> Singles,
    IReadOnlySet<OnnxNode> Halves,
    IReadOnlyList<KeptNode> Kept
)
{
    public static HalfPlan Of(OnnxModel model, IReadOnlyDictionary<string, float> largest)
    {
        IReadOnlyDictionary<string, OnnxValue> types = ValueShapes.Of(model);
        HashSet<string> singles =
        [
            .. types.Values.Where(v => v is { IsTensor: true, Type: OnnxType.Float }).Select(v => v.Name),
        ];
        GraphView view = new(model.Graph);
        HashSet<OnnxNode> halves = [];
        List<KeptNode> kept = [];
        foreach (OnnxNode node in model.Graph.Nodes)
        {
            if (!node.Inputs.Concat(node.Outputs).Any(singles.Contains))
            {
                continue;
            }

            string? why = Why(node, view, types, largest);
            if (why is null)
            {
                _ = halves.Add(node);
            }
            else
            {
                kept.Add(new KeptNode(node.Name.Length > 0 ? node.Name : node.Outputs[0], node.Operator, why));
            }
        }

        return new HalfPlan(singles, halves, kept);
    }

    private static string? Why(
        OnnxNode node,
        GraphView view,
        IReadOnlyDictionary<string, OnnxValue> types,
        IReadOnlyDictionary<string, float> largest
    )
    {
        if (GraphView.Subgraphs(node).Any())
        {
            return "it holds graphs of its own";
        }

        if (HalfRules.WhyKept(node) is { } rule)
        {
            return rule;
        }

        foreach (OnnxTensor constant in node.Inputs.Select(view.Constant).OfType<OnnxTensor>())
        {
            if (HalfRules.WhyUnfit(constant) is { } unfit)
            {
                return unfit;
            }
        }

        foreach (string value in node.Inputs.Concat(node.Outputs))
        {
            // Twice the room for pictures that were not among the samples.
            if (largest.GetValueOrDefault(value) > HalfRules.Largest / 2)
            {
                return $"{value} reaches {largest[value]:0}";
            }
        }

        return IsShapeArithmetic(node, types) ? "it works on lengths, which must be exact" : null;
    }

    /// <summary>All that it takes is single numbers and short lists, and one of them at least is no constant of the file.</summary>
    private static bool IsShapeArithmetic(OnnxNode node, IReadOnlyDictionary<string, OnnxValue> types) =>
        node.Outputs.Concat(node.Inputs)
            .Where(name => name.Length > 0)
            .All(name => types.GetValueOrDefault(name)?.Shape is { } shape && IsShort(shape))
        && node.Operator != "ConstantOfShape";

    private static bool IsShort(IReadOnlyList<OnnxDimension> shape) =>
        shape.Count == 0 || (shape.Count == 1 && shape[0].Length is <= 16);
}
