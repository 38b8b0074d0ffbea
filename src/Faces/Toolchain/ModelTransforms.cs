using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Batching;
using FaceFusion.Batch.Faces.Toolchain.Comparing;
using FaceFusion.Batch.Faces.Toolchain.Optimising;
using FaceFusion.Batch.Faces.Toolchain.Precision;
using FaceFusion.Batch.Faces.Toolchain.Quantising;

namespace FaceFusion.Batch.Faces.Toolchain;

/// <summary>A file that a tool made of another.</summary>
/// <param name="Kind"><c>optimize</c>, <c>fp16</c>, <c>batch</c> or <c>quantize</c>.</param>
/// <param name="File">The new file.</param>
/// <param name="Gate">Relative L2 from the old model that is let through.</param>
public sealed record ModelTransform(string Kind, byte[] File, double Gate)
{
    /// <summary>Of an optimisation.</summary>
    public IReadOnlyList<PassReport> Passes { get; init; } = [];

    /// <summary>What was done and what was left, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Nodes of the outermost graph.</summary>
    public int Nodes => NodesOf(File);

    public static int NodesOf(byte[] file) => OnnxReader.Read(file).Graph.Nodes.Count;
}

/// <summary>
/// The four tools, each with the gate of its release: what changes nothing must stay within the noise of single precision; half precision
/// has 11 bits and INT8 has 8, and what they cost is measured, not hidden.
/// </summary>
public static class ModelTransforms
{
    public const double ExactGate = 1e-4;

    public const double HalfGate = 1e-2;

    public const double WholeGate = 0.1;

    /// <exception cref="ModelException">See <see cref="ModelOptimizer.Optimize"/>.</exception>
    public static ModelTransform Optimize(byte[] file, bool unpackHalves = false)
    {
        (byte[] made, IReadOnlyList<PassReport> passes) = ModelOptimizer.Optimize(file, unpackHalves);
        return new ModelTransform("optimize", made, ExactGate)
        {
            Passes = passes,
            Notes = [.. passes.SelectMany(p => p.Notes)],
        };
    }

    /// <param name="file">The model.</param>
    /// <param name="samples">Show which values leave half precision's range.</param>
    /// <param name="keepInterface">Inputs and outputs stay in single precision.</param>
    /// <exception cref="ModelException">See <see cref="HalfConverter.Convert"/>.</exception>
    public static ModelTransform Half(
        byte[] file,
        IReadOnlyList<IReadOnlyList<OnnxTensor>> samples,
        bool keepInterface = true
    )
    {
        (byte[] made, HalfReport report) = HalfConverter.Convert(
            file,
            keepInterface,
            ActivationRanges.Magnitudes(file, samples)
        );
        return new ModelTransform("fp16", made, HalfGate)
        {
            Notes =
            [
                $"{report.Halves} nodes compute in half precision, {report.Kept.Count} in single; {report.Casts} casts",
                .. report
                    .Kept.GroupBy(k => (k.Operator, k.Why))
                    .Select(g =>
                        $"{g.Count()} × {g.Key.Operator} in single precision: {g.Key.Why} ({string.Join(", ", g.Take(3).Select(k => k.Node))}{(g.Count() > 3 ? ", …" : "")})"
                    ),
            ],
        };
    }

    /// <summary>Opens the batch; every sample was found to come out of a batch as it does alone.</summary>
    /// <param name="file">The model.</param>
    /// <param name="samples">Two at least.</param>
    /// <exception cref="ModelException">See <see cref="BatchOpener.Open"/> and <see cref="BatchOpener.Verify"/>.</exception>
    public static ModelTransform Batch(byte[] file, IReadOnlyList<IReadOnlyList<OnnxTensor>> samples)
    {
        byte[] made = BatchOpener.Open(file);
        IReadOnlyList<OutputDifference> checkedOutputs = BatchOpener.Verify(file, made, samples);
        return new ModelTransform("batch", made, BatchOpener.Gate)
        {
            Notes =
            [
                .. checkedOutputs.Select(o =>
                    $"{o.Output}: {samples.Count} samples at once and each alone differ by a relative L2 of {o.RelativeL2:0.##e+0}"
                ),
            ],
        };
    }

    /// <exception cref="ModelException">See <see cref="Quantizer.Quantize"/>.</exception>
    public static ModelTransform Quantize(
        byte[] file,
        IReadOnlyList<IReadOnlyList<OnnxTensor>> samples,
        QuantizeOptions? options = null
    )
    {
        (byte[] made, QuantizeReport report) = Quantizer.Quantize(file, samples, options);
        return new ModelTransform("quantize", made, WholeGate)
        {
            Notes =
            [
                $"{report.Quantised} nodes quantised, {report.Kept.Count} kept; ONNX operators {report.Opset}",
                .. report.Kept,
            ],
        };
    }
}
