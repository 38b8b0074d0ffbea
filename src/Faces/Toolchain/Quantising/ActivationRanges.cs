using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Comparing;
using FaceFusion.Batch.Faces.Toolchain.Graphs;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Toolchain.Quantising;

/// <summary>Least and largest of a value over all samples.</summary>
internal readonly record struct ActivationRange(float Least, float Largest)
{
    public float Magnitude => Math.Max(Math.Abs(Least), Math.Abs(Largest));
}

/// <summary>Measures the values of a model while it runs on samples.</summary>
public static class ActivationRanges
{
    /// <summary>Largest magnitude of every value of single precision, for <see cref="Precision.HalfConverter"/>.</summary>
    /// <exception cref="ModelException"><c>model-load</c> or <c>model-run</c>.</exception>
    public static IReadOnlyDictionary<string, float> Magnitudes(
        ReadOnlyMemory<byte> file,
        IReadOnlyList<IReadOnlyList<OnnxTensor>> samples
    )
    {
        OnnxModel model = ModelFile.Read(file);
        IEnumerable<string> values = ValueShapes
            .Of(model)
            .Values.Where(v => v.IsTensor && v.Type == OnnxType.Float)
            .Select(v => v.Name);
        HashSet<string> made = [.. model.Graph.Nodes.SelectMany(n => n.Outputs)];
        return Measure(model, [.. values.Where(made.Contains)], samples, 100)
            .ToDictionary(pair => pair.Key, pair => pair.Value.Magnitude);
    }

    /// <param name="model">The model.</param>
    /// <param name="values">Values of single precision; inputs of the model too.</param>
    /// <param name="samples">One at least.</param>
    /// <param name="percentile">
    /// 100: least and largest. Below: of each sample, the value that so many per cent lie under, and the one that so many lie over; the
    /// widest of all samples counts.
    /// </param>
    internal static IReadOnlyDictionary<string, ActivationRange> Measure(
        OnnxModel model,
        IReadOnlyList<string> values,
        IReadOnlyList<IReadOnlyList<OnnxTensor>> samples,
        double percentile
    )
    {
        HashSet<string> inputs = [.. model.Graph.Inputs.Select(i => i.Name)];
        Dictionary<string, ActivationRange> ranges = new(StringComparer.Ordinal);
        // Unchanged, for where the runtime merges nodes the values between them are no more.
        using SessionOptions options = TensorSession.Unchanged();
        using TensorSession session = new(
            ValueShapes.WithOutputs(
                model,
                values
                    .Where(v => !inputs.Contains(v))
                    .Concat(model.Graph.Outputs.Select(o => o.Name))
                    .Distinct(StringComparer.Ordinal)
            ),
            options
        );
        HashSet<string> wanted = [.. values];
        foreach (IReadOnlyList<OnnxTensor> sample in samples)
        {
            OnnxTensor[] given = ModelComparer.Converted(sample, session.Inputs);
            foreach (OnnxTensor tensor in given.Concat(session.Run(given)).Where(t => wanted.Contains(t.Name)))
            {
                if (tensor.Type == OnnxType.Float && tensor.Count > 0)
                {
                    ActivationRange range = Of(MemoryMarshal.Cast<byte, float>(tensor.Data.Span), percentile);
                    ActivationRange before = ranges.GetValueOrDefault(tensor.Name, range);
                    ranges[tensor.Name] = new ActivationRange(
                        Math.Min(before.Least, range.Least),
                        Math.Max(before.Largest, range.Largest)
                    );
                }
            }
        }

        return ranges;
    }

    private static ActivationRange Of(ReadOnlySpan<float> values, double percentile)
    {
        if (percentile >= 100)
        {
            return new ActivationRange(TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        }

        float[] sorted = values.ToArray();
        Array.Sort(sorted);
        int last = sorted.Length - 1;
        int at = (int)Math.Round(last * percentile / 100);
        return new ActivationRange(sorted[last - at], sorted[at]);
    }
}
