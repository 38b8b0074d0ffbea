using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Toolchain.Optimising;

/// <summary>
/// Brings all constants to one place: values of Constant nodes become initialisers, and initialisers that old files name among the inputs
/// too, where a caller could give others, stay constants alone.
/// </summary>
internal sealed class ConstantNodes : IGraphPass
{
    public string Name => "constants";

    public void Apply(OnnxModel model, ICollection<string> notes)
    {
        OnnxGraph graph = model.Graph;
        HashSet<string> outputs = [.. graph.Outputs.Select(o => o.Name)];
        foreach (OnnxNode node in graph.Nodes.ToArray())
        {
            if (
                node is { Operator: "Constant", Domain: "" }
                && !outputs.Contains(node.Outputs[0])
                && Value(node) is { } value
            )
            {
                graph.Initializers.Add(value);
                _ = graph.Nodes.Remove(node);
            }
        }

        HashSet<string> constants = [.. graph.Initializers.Select(t => t.Name)];
        int named = graph.Inputs.RemoveAll(input => constants.Contains(input.Name));
        if (named > 0)
        {
            // From version 4 of the format on, a constant need not be an input.
            model.IrVersion = Math.Max(4, model.IrVersion);
            notes.Add($"{named} constants that were also inputs are constants alone");
        }
    }

    private static OnnxTensor? Value(OnnxNode node)
    {
        string name = node.Outputs[0];
        return node.Attributes switch
        {
            [{ Name: "value", Tensor: { External: null } tensor }] when tensor.Type.Size() > 0 => tensor.Named(name),
            [{ Name: "value_float" } a] => OnnxTensor.Of(name, [], [a.Float]),
            [{ Name: "value_int" } a] => OnnxTensor.Of(name, [], [a.Integer]),
            [{ Name: "value_floats" } a] => OnnxTensor.Of(name, [a.Floats.Count], [.. a.Floats]),
            [{ Name: "value_ints" } a] => OnnxTensor.Of(name, [a.Integers.Count], [.. a.Integers]),
            _ => null,
        };
    }
}
