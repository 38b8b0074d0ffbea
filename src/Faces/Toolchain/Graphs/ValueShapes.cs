using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Toolchain.Graphs;

/// <summary>Types and shapes of all values of a graph, as the runtime's own inference finds them.</summary>
internal static class ValueShapes
{
    /// <returns>By name; constants and inputs too. A value whose shape the runtime cannot tell has none.</returns>
    /// <exception cref="ModelException"><c>model-load</c>.</exception>
    public static IReadOnlyDictionary<string, OnnxValue> Of(OnnxModel model)
    {
        using SessionOptions options = TensorSession.Unchanged();
        using TensorSession session = new(WithOutputs(model, Inner(model.Graph)), options);
        Dictionary<string, OnnxValue> known = new(StringComparer.Ordinal);
        foreach (OnnxTensor tensor in model.Graph.Initializers)
        {
            known[tensor.Name] = new OnnxValue(
                tensor.Name,
                tensor.Type,
                [.. tensor.Shape.Select(d => new OnnxDimension(d))]
            );
        }

        foreach (OnnxValue value in session.Inputs.Concat(session.Outputs))
        {
            // The runtime tells no dimensions both of a scalar and of a shape that it does not know.
            bool told = value.Shape is { Count: > 0 };
            known[value.Name] = told ? value : value with { Shape = null };
        }

        return known;
    }

    /// <summary>The model's file with these values as its only outputs.</summary>
    public static byte[] WithOutputs(OnnxModel model, IEnumerable<string> values)
    {
        OnnxValue[] before = [.. model.Graph.Outputs];
        OnnxValue[] wanted = [.. values.Select(name => new OnnxValue(name, OnnxType.Undefined, null))];
        model.Graph.Outputs.Clear();
        model.Graph.Outputs.AddRange(wanted);
        try
        {
            return OnnxWriter.Write(model);
        }
        finally
        {
            model.Graph.Outputs.Clear();
            model.Graph.Outputs.AddRange(before);
        }
    }

    private static IEnumerable<string> Inner(OnnxGraph graph) =>
        graph.Nodes.SelectMany(n => n.Outputs).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal);
}
