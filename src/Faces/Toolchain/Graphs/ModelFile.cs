using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Toolchain.Graphs;

/// <summary>Model files that the toolchain can write again without losing a part of them.</summary>
internal static class ModelFile
{
    /// <exception cref="ModelException"><c>model-format</c>; <c>model-unsupported</c>: it holds what would be lost.</exception>
    public static OnnxModel Read(ReadOnlyMemory<byte> file)
    {
        OnnxModel model = OnnxReader.Read(file);
        string? lost =
            model.Functions > 0 ? "operators that it defines itself"
            : model.HasTraining ? "graphs for training"
            : model.Graph.SparseInitializers > 0 ? "sparse constants"
            : model.Graph.Initializers.Exists(t => t.External is not null) ? "weights in another file"
            : model.Graph.Initializers.Exists(t => t.Type == OnnxType.Text) ? "constants of text"
            : null;
        return lost is null
            ? model
            : throw new ModelException(
                "model-unsupported",
                $"The model holds {lost}, which the toolchain does not write: export it without."
            );
    }

    /// <summary>Nodes of the outermost graph.</summary>
    public static int Nodes(OnnxModel model) => model.Graph.Nodes.Count;

    /// <summary>Bytes of all constants, in nodes too: what a file weighs but for the graph itself.</summary>
    public static long ConstantBytes(OnnxModel model) =>
        model.Graph.Initializers.Sum(t => (long)t.Data.Length)
        + model.Graph.Nodes.SelectMany(n => n.Attributes).Sum(a => (long)(a.Tensor?.Data.Length ?? 0));
}
