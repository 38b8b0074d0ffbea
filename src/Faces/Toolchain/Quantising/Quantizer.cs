using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;
using FaceFusion.Batch.Faces.Toolchain.Optimising;

namespace FaceFusion.Batch.Faces.Toolchain.Quantising;

/// <summary>
/// Static quantisation to 8 bits: QuantizeLinear and DequantizeLinear stand around Conv, Gemm and MatMul, from which a runtime makes
/// arithmetic on whole numbers. Values have one scale, calibrated on samples; weights have one for each channel. What leaves the model
/// stays exact: a convolution whose result is only laid out anew (coordinates, scores) takes whole numbers and makes real ones.
/// </summary>
public static class Quantizer
{
    /// <param name="file">An ONNX file.</param>
    /// <param name="samples">What the model is given in production, as near as can be; one at least.</param>
    /// <exception cref="ModelException">
    /// <c>model-format</c>, <c>model-unsupported</c>, <c>model-load</c>, <c>model-run</c>; <c>model-opset</c>: its operators are too old.
    /// </exception>
    public static (byte[] File, QuantizeReport Report) Quantize(
        ReadOnlyMemory<byte> file,
        IReadOnlyList<IReadOnlyList<OnnxTensor>> samples,
        QuantizeOptions? options = null
    )
    {
        options ??= new QuantizeOptions();
        OnnxModel model = ModelFile.Read(file);
        new ConstantNodes().Apply(model, []);
        OpsetRaiser.Raise(model);
        GraphView view = new(model.Graph);
        List<string> kept = [];
        List<QuantizedWeights> chosen = Choose(model, view, options, kept);
        Dictionary<string, string?> results = chosen.ToDictionary(
            w => w.Node.Outputs[0],
            w => Result(w.Node, view),
            StringComparer.Ordinal
        );
        string[] values =
        [
            .. chosen
                .Select(w => w.Node.Inputs[0])
                .Concat(results.Values.OfType<string>())
                .Distinct(StringComparer.Ordinal),
        ];
        IReadOnlyDictionary<string, ActivationRange> ranges = ActivationRanges.Measure(
            model,
            values,
            samples,
            options.Percentile
        );
        Rewrite(model, view, chosen, [.. results.Values.OfType<string>()], ranges, options);
        _ = ModelOptimizer.Run(model, [new DuplicateMerging(), new DeadRemoval()]);
        return (OnnxWriter.Write(model), new QuantizeReport(chosen.Count, kept, model.Opset));
    }

    private static readonly HashSet<string> Layout =
    [
        .. "Reshape Transpose Flatten Squeeze Unsqueeze Identity Gather Slice Split Sigmoid Softmax".Split(' '),
    ];

    private static List<QuantizedWeights> Choose(
        OnnxModel model,
        GraphView view,
        QuantizeOptions options,
        List<string> kept
    )
    {
        ConstantValues values = new(model, view);
        List<QuantizedWeights> chosen = [];
        foreach (
            OnnxNode node in model.Graph.Nodes.Where(n => n is { Domain: "", Operator: "Conv" or "Gemm" or "MatMul" })
        )
        {
            string? why = options.Keep.Contains(node.Name) ? "it was named" : null;
            QuantizedWeights? weights = why is null ? QuantizedWeights.Of(node, values, out why) : null;
            if (weights is not null && !values.IsConstant(node.Inputs[0]))
            {
                chosen.Add(weights);
            }
            else
            {
                kept.Add($"{node.Operator} {node.Name}: {why ?? "it is constant"}");
            }
        }

        return chosen;
    }

    /// <summary>The value to quantise behind a node, past an activation that it alone feeds; null where it is on its way out.</summary>
    private static string? Result(OnnxNode node, GraphView view)
    {
        string value = node.Outputs[0];
        if (
            view.Users(value) is [{ Domain: "", Operator: "Relu" or "Clip" } activation]
            && view.IsOnlyUse(value, activation)
        )
        {
            value = activation.Outputs[0];
        }

        bool isHead = view.Users(value).All(user => Layout.Contains(user.Operator));
        return isHead || view.IsFixed(value) ? null : value;
    }

    private static void Rewrite(
        OnnxModel model,
        GraphView view,
        List<QuantizedWeights> chosen,
        HashSet<string> results,
        IReadOnlyDictionary<string, ActivationRange> ranges,
        QuantizeOptions options
    )
    {
        Dictionary<OnnxNode, QuantizedWeights> weights = chosen.ToDictionary(w => w.Node);
        Dictionary<string, QuantizedValue> made = new(StringComparer.Ordinal);
        List<OnnxNode> nodes = [];
        foreach (OnnxNode node in model.Graph.Nodes)
        {
            bool isChosen = weights.TryGetValue(node, out QuantizedWeights? own);
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                string input = node.Inputs[i];
                bool isQuantised = results.Contains(input) || (isChosen && i == 0);
                if (!isQuantised || !ranges.TryGetValue(input, out ActivationRange range))
                {
                    continue;
                }

                if (!made.TryGetValue(input, out QuantizedValue? value))
                {
                    made[input] = value = QuantizedValue.Of(input, range, options.IsSymmetric, view);
                    nodes.AddRange(value.Nodes);
                }

                node.Inputs[i] = value.Name;
                if (isChosen && i == 0)
                {
                    nodes.AddRange(own!.Apply(value.Scale, options.IsFull, view));
                }
            }

            nodes.Add(node);
        }

        model.Graph.Nodes.Clear();
        model.Graph.Nodes.AddRange(nodes);
    }

    /// <summary>A value after it was made whole and real again.</summary>
    private sealed record QuantizedValue(string Name, float Scale, IReadOnlyList<OnnxNode> Nodes)
    {
        public static QuantizedValue Of(string value, ActivationRange range, bool isSymmetric, GraphView view)
        {
            // 0 is always one of the values: pads are zeros.
            float least = Math.Min(range.Least, 0);
            float largest = Math.Max(range.Largest, 0);
            float width = isSymmetric ? range.Magnitude / 127 : (largest - least) / 255;
            float scale = width > 1e-30f ? width : 1;
            OnnxTensor zero = isSymmetric
                ? OnnxTensor.Of("", [], [(sbyte)0])
                : OnnxTensor.Of("", [], [(byte)Math.Clamp(MathF.Round(-least / scale), 0, 255)]);
            string scaleName = view.Add($"{value}_scale", OnnxTensor.Of("", [], [scale]));
            string zeroName = view.Add($"{value}_zero", zero);
            string whole = view.Fresh($"{value}_whole");
            string real = view.Fresh($"{value}_real");
            return new QuantizedValue(
                real,
                scale,
                [
                    Node("QuantizeLinear", value, scaleName, zeroName, whole),
                    Node("DequantizeLinear", whole, scaleName, zeroName, real),
                ]
            );
        }

        private static OnnxNode Node(string operation, string value, string scale, string zero, string output)
        {
            OnnxNode node = new() { Name = output, Operator = operation };
            node.Inputs.AddRange([value, scale, zero]);
            node.Outputs.Add(output);
            return node;
        }
    }
}
