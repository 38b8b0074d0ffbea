using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;
using FaceFusion.Batch.Faces.Toolchain.Optimising;

namespace FaceFusion.Batch.Faces.Toolchain.Precision;

/// <summary>What a conversion to half precision came to.</summary>
/// <param name="Halves">Nodes that compute in half precision.</param>
/// <param name="Kept">Name and reason of each node that stays in single precision.</param>
/// <param name="Casts">Nodes that change precision at the borders.</param>
public sealed record HalfReport(int Halves, IReadOnlyList<KeptNode> Kept, int Casts);

/// <summary>A node that stays in single precision.</summary>
public sealed record KeptNode(string Node, string Operator, string Why);

/// <summary>
/// Weights and arithmetic in half precision: every node that takes or makes single precision computes in halves, unless
/// <see cref="HalfRules"/> keeps it, with a Cast wherever a value crosses. One value is cast once, however many take it.
/// </summary>
public static class HalfConverter
{
    /// <param name="file">An ONNX file.</param>
    /// <param name="keepInterface">Inputs and outputs of the model stay in single precision.</param>
    /// <param name="largest">Largest magnitudes of values by name, as measured: what touches one over the range stays.</param>
    /// <exception cref="ModelException"><c>model-format</c>, <c>model-unsupported</c> or <c>model-load</c>.</exception>
    public static (byte[] File, HalfReport Report) Convert(
        ReadOnlyMemory<byte> file,
        bool keepInterface = true,
        IReadOnlyDictionary<string, float>? largest = null
    )
    {
        OnnxModel model = ModelFile.Read(file);
        new ConstantNodes().Apply(model, []);
        if (!keepInterface && model.Graph.Nodes.Exists(n => GraphView.Subgraphs(n).Any()))
        {
            throw new ModelException(
                "model-unsupported",
                "The model has graphs within nodes, which know its inputs in single precision: keep inputs and outputs."
            );
        }

        HalfPlan plan = HalfPlan.Of(model, largest ?? new Dictionary<string, float>());
        new HalfRewrite(model, plan, keepInterface).Apply();
        _ = ModelOptimizer.Run(model, [new IdentityRemoval(infers: false), new DuplicateMerging(), new DeadRemoval()]);
        int casts = model.Graph.Nodes.Count(n => n is { Operator: "Cast", Domain: "" });
        return (OnnxWriter.Write(model), new HalfReport(plan.Halves.Count, plan.Kept, casts));
    }
}
