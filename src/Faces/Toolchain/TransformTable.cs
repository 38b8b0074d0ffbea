using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Devices;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Comparing;

namespace FaceFusion.Batch.Faces.Toolchain;

/// <summary>What one tool made of one model.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="NodesBefore">Of the outermost graph.</param>
/// <param name="NodesAfter">Null: refused.</param>
/// <param name="BytesBefore">Of the file.</param>
/// <param name="BytesAfter">Null: refused.</param>
/// <param name="RelativeL2">The worst of all outputs over pictures, or noise where there are none; null: no number.</param>
/// <param name="Cosine">Likewise the least.</param>
/// <param name="Gate">Relative L2 that the tool lets through.</param>
/// <param name="OldMilliseconds">Best of nine runs on one thread of the CPU.</param>
/// <param name="NewMilliseconds">Likewise, taken in turns.</param>
/// <param name="Refusal">Why the tool made nothing.</param>
public sealed record TransformRow(
    string Model,
    string Tool,
    int NodesBefore,
    int? NodesAfter,
    long BytesBefore,
    long? BytesAfter,
    double? RelativeL2,
    double? Cosine,
    double Gate,
    double? OldMilliseconds,
    double? NewMilliseconds,
    string? Refusal
);

/// <summary>The parity table of models: every tool tried on each.</summary>
public static class TransformTable
{
    /// <param name="model">Its name.</param>
    /// <param name="file">The model.</param>
    /// <param name="noise">Two samples at least.</param>
    /// <param name="pictures">May be empty; else every second one calibrates, and the others are compared on.</param>
    public static IReadOnlyList<TransformRow> Rows(
        string model,
        byte[] file,
        IReadOnlyList<IReadOnlyList<OnnxTensor>> noise,
        IReadOnlyList<IReadOnlyList<OnnxTensor>> pictures
    )
    {
        IReadOnlyList<IReadOnlyList<OnnxTensor>> calibration =
            pictures.Count > 1 ? [.. pictures.Where((_, i) => i % 2 == 0)] : noise;
        ComparedInputs compared =
            pictures.Count > 1
                ? new ComparedInputs("pictures", [.. pictures.Where((_, i) => i % 2 == 1)])
                : new ComparedInputs("random", noise);
        Func<ModelTransform>[] tools =
        [
            () => ModelTransforms.Optimize(file),
            () => ModelTransforms.Half(file, calibration),
            () => ModelTransforms.Batch(file, noise),
            () => ModelTransforms.Quantize(file, calibration),
        ];
        string[] names = ["optimize", "fp16", "batch", "quantize"];
        return [.. tools.Select((tool, i) => Row(model, names[i], file, compared, tool))];
    }

    /// <summary>Lines of a table.</summary>
    public static IEnumerable<string> Markdown(IReadOnlyList<TransformRow> rows)
    {
        yield return "| model | tool | nodes | bytes | relative L2 | cosine | CPU ms | verdict |";
        yield return "| --- | --- | --- | --- | --- | --- | --- | --- |";
        foreach (TransformRow row in rows)
        {
            yield return row.Refusal is not null
                ? $"| {row.Model} | {row.Tool} | {row.NodesBefore} | {row.BytesBefore} | | | | refused: {row.Refusal} |"
                : $"| {row.Model} | {row.Tool} | {row.NodesBefore} → {row.NodesAfter} | {row.BytesBefore} → {row.BytesAfter} "
                    + $"| {(row.RelativeL2 is { } l2 ? $"{l2:0.0e+0}" : "no number")} | {row.Cosine:0.00000} "
                    + $"| {row.OldMilliseconds:0.00} → {row.NewMilliseconds:0.00} | {Verdict(row)} |";
        }
    }

    private static string Verdict(TransformRow row) =>
        row.RelativeL2 <= row.Gate ? $"within {row.Gate:0.####e+0}" : $"over {row.Gate:0.####e+0}: not written";

    private static TransformRow Row(
        string model,
        string name,
        byte[] file,
        ComparedInputs compared,
        Func<ModelTransform> tool
    )
    {
        int nodes = ModelTransform.NodesOf(file);
        try
        {
            ModelTransform made = tool();
            Comparison comparison = ModelComparer.Compare(file, made.File, compared);
            ProviderSpeed? speed = ModelComparer
                .Speeds(file, made.File, compared.Samples[0])
                .FirstOrDefault(s => s.Provider == Provider.Cpu.RuntimeName);
            return new TransformRow(
                model,
                name,
                nodes,
                made.Nodes,
                file.Length,
                made.File.Length,
                double.IsFinite(comparison.Worst) ? comparison.Worst : null,
                comparison.LeastCosine,
                made.Gate,
                speed?.FirstMilliseconds,
                speed?.SecondMilliseconds,
                null
            );
        }
        catch (ModelException e)
        {
            // A model that a tool refuses has its row too.
            return new TransformRow(model, name, nodes, null, file.Length, null, null, null, 0, null, null, e.Message);
        }
    }
}
