using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Optimising;

/// <summary>Removes nodes that hand on their first input as it is: Identity, Dropout, and casts, transposes, pads and joins of nothing.</summary>
/// <param name="infers">Ask the runtime for the type of what is cast, where the graph does not tell it.</param>
internal sealed class IdentityRemoval(bool infers) : IGraphPass
{
    private IReadOnlyDictionary<string, OnnxValue>? _types;

    public string Name => "identities";

    public void Apply(OnnxModel model, ICollection<string> notes)
    {
        OnnxGraph graph = model.Graph;
        GraphView view = new(graph);
        bool isOpen = graph.Nodes.Exists(n =>
            n is { Operator: "Cast", Domain: "" } && TypeOf(n.Inputs[0], view) is null
        );
        _types = infers && isOpen ? ValueShapes.Of(model) : null;
        foreach (OnnxNode node in graph.Nodes.ToArray())
        {
            if (node.Domain.Length == 0 && HandsOn(node, view) is { } source && Bypass(node, source, view))
            {
                _ = graph.Nodes.Remove(node);
                view = new GraphView(graph);
            }
        }
    }

    private static bool Bypass(OnnxNode node, string source, GraphView view)
    {
        string result = node.Outputs[0];
        if (!view.IsFixed(result))
        {
            view.ReplaceUses(result, source);
            return true;
        }

        // The name is the model's own; the node that makes the value takes it over.
        if (!view.IsOutput(result) || view.IsFixed(source) || view.Maker(source) is not { } maker)
        {
            return false;
        }

        view.ReplaceUses(source, result);
        maker.Outputs[maker.Outputs.IndexOf(source)] = result;
        return true;
    }

    /// <summary>The value that the node's first output is equal to; null where it does something.</summary>
    private string? HandsOn(OnnxNode node, GraphView view) =>
        node.Operator switch
        {
            "Identity" => node.Inputs[0],
            "Dropout" when IsIdle(node, view) => node.Inputs[0],
            "Cast" when TypeOf(node.Inputs[0], view) is { } type && (long)type == node.Integer("to", 0) => node.Inputs[
                0
            ],
            "Cast" => Widened(node, view),
            "Transpose" when node.Find("perm") is { } order && IsInOrder(order.Integers) => node.Inputs[0],
            "Pad" when Pads(node, view) is { Count: > 0 } pads && pads.All(p => p == 0) => node.Inputs[0],
            "Concat" when node.Inputs.Count == 1 => node.Inputs[0],
            _ => null,
        };

    private static bool IsIdle(OnnxNode node, GraphView view)
    {
        bool hasMask =
            node.Outputs.Count > 1 && (view.Users(node.Outputs[1]).Count > 0 || view.IsFixed(node.Outputs[1]));
        bool mayTrain =
            node.Inputs.Count > 2
            && node.Inputs[2].Length > 0
            && !(
                view.Constant(node.Inputs[2]) is { Type: OnnxType.Bool, Data.Length: 1 } mode && mode.Data.Span[0] == 0
            );
        return !hasMask && !mayTrain;
    }

    /// <summary>What a half was before it was widened, if this cast makes a half of it again.</summary>
    private string? Widened(OnnxNode node, GraphView view)
    {
        OnnxNode? before = view.Maker(node.Inputs[0]);
        return
            before is { Operator: "Cast", Domain: "" }
            && (OnnxType)node.Integer("to", 0) == OnnxType.Half
            && (OnnxType)before.Integer("to", 0) is OnnxType.Float or OnnxType.Double
            && TypeOf(before.Inputs[0], view) == OnnxType.Half
            ? before.Inputs[0]
            : null;
    }

    /// <summary>Of constants and of what casts make the graph itself tells it.</summary>
    private OnnxType? TypeOf(string value, GraphView view) =>
        view.Constant(value)?.Type
        ?? _types?.GetValueOrDefault(value)?.Type
        ?? (view.Maker(value) is { Operator: "Cast", Domain: "" } cast ? (OnnxType)cast.Integer("to", 0) : null);

    private static bool IsInOrder(IReadOnlyList<long> order) => order.Select((axis, i) => axis == i).All(same => same);

    private static IReadOnlyList<long>? Pads(OnnxNode node, GraphView view) =>
        node.Find("pads") is { } attribute ? attribute.Integers
        : node.Inputs.Count > 1 && view.Constant(node.Inputs[1]) is { Type: OnnxType.Int64 } pads ? pads.ToIntegers()
        : null;
}
