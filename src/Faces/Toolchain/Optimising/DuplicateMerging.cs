using System.Security.Cryptography;
using System.Text;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Optimising;

/// <summary>Of constants with the same type, shape and bytes one stays; of nodes that do the same to the same values, too.</summary>
internal sealed class DuplicateMerging : IGraphPass
{
    public string Name => "duplicates";

    public void Apply(OnnxModel model, ICollection<string> notes)
    {
        Constants(model.Graph);
        Nodes(model.Graph);
    }

    private static void Constants(OnnxGraph graph)
    {
        GraphView view = new(graph);
        Dictionary<string, string> first = new(StringComparer.Ordinal);
        foreach (OnnxTensor tensor in graph.Initializers.Where(t => view.Constant(t.Name) is not null).ToArray())
        {
            string key = Key(tensor);
            if (!view.IsFixed(tensor.Name) && !first.TryAdd(key, tensor.Name))
            {
                view.ReplaceUses(tensor.Name, first[key]);
                _ = graph.Initializers.Remove(tensor);
            }
        }
    }

    private static void Nodes(OnnxGraph graph)
    {
        GraphView view = new(graph);
        Dictionary<string, OnnxNode> first = new(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes.ToArray())
        {
            if (
                node.Domain.Length > 0
                || ConstantValues.IsRandom(node)
                || GraphView.Subgraphs(node).Any()
                || node.Operator == "Dropout"
                || node.Outputs.Exists(view.IsFixed)
                || first.TryAdd(Key(node), node)
            )
            {
                continue;
            }

            OnnxNode same = first[Key(node)];
            if (same.Outputs.Count != node.Outputs.Count)
            {
                continue;
            }

            for (int i = 0; i < node.Outputs.Count; i++)
            {
                view.ReplaceUses(node.Outputs[i], same.Outputs[i]);
            }

            _ = graph.Nodes.Remove(node);
            view = new GraphView(graph);
        }
    }

    private static string Key(OnnxTensor tensor) =>
        $"{tensor.Type}:{string.Join('x', tensor.Shape)}:{Convert.ToHexStringLower(SHA256.HashData(tensor.Data.Span))}";

    private static string Key(OnnxNode node)
    {
        StringBuilder key = new($"{node.Operator}({string.Join(',', node.Inputs)})");
        foreach (OnnxAttribute a in node.Attributes.OrderBy(a => a.Name, StringComparer.Ordinal))
        {
            string tensors = string.Join(',', a.Tensors.Prepend(a.Tensor).OfType<OnnxTensor>().Select(Key));
            // Floats by their bits: what differs after the last printed digit differs.
            string floats = string.Join(',', a.Floats.Prepend(a.Float).Select(BitConverter.SingleToInt32Bits));
            _ = key.Append($"|{a.Name}={a.Kind};{floats};{a.Integer};{string.Join(',', a.Integers)};");
            _ = key.Append($"{a.Text};{string.Join('\0', a.Texts)};{tensors}");
        }

        return key.ToString();
    }
}
