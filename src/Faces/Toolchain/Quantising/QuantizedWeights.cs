using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Quantising;

/// <summary>A node that can be quantised, and its constants: y = x · w + b.</summary>
internal sealed record QuantizedWeights(
    OnnxNode Node,
    IReadOnlyList<long> Shape,
    float[] Values,
    float[]? Bias,
    int Axis
)
{
    /// <summary>Largest whole numbers of either kind.</summary>
    private const int Full = 127;
    private const int Reduced = 63;

    public int Channels => (int)Shape[Axis];

    /// <summary>The node's weights; null with the reason where it has none that can be quantised.</summary>
    public static QuantizedWeights? Of(OnnxNode node, ConstantValues values, out string? why)
    {
        OnnxTensor? tensor = values.Of(node.Inputs[1]);
        bool isTold = node.Inputs.Count > 2 && node.Inputs[2].Length > 0;
        float[]? bias = isTold ? values.Floats(node.Inputs[2]) : null;
        int axis =
            node.Operator == "Conv" ? 0
            : node.Operator == "Gemm" && node.Integer("transB", 0) != 0 ? 0
            : 1;
        why =
            tensor is not { Type: OnnxType.Float } ? "its weights are no constants of single precision"
            : tensor.Shape.Count < 2 || (node.Operator != "Conv" && tensor.Shape.Count != 2)
                ? "its weights are no matrix"
            : isTold && bias?.Length != (int)tensor.Shape[axis] ? "its summand is not one constant for each channel"
            : IsFactor(node, tensor) ? "it is one factor for each channel, where nothing is gained"
            : node.Operator == "Gemm" && HasFactors(node) ? "it has factors of its own"
            : null;
        return why is null ? new QuantizedWeights(node, tensor!.Shape, tensor.ToFloats(), bias, axis) : null;
    }

    /// <summary>
    /// Symmetric, with a scale for each output channel: w = q · s, s = max|w| / 63, or / 127 of the full range. The bias has the scale of the products that it is
    /// added to. Constants and their DequantizeLinear nodes are added, and the node takes what these make.
    /// </summary>
    /// <param name="inputScale">Of the node's first input.</param>
    /// <param name="isFull">All 8 bits of a weight, else 7.</param>
    /// <returns>The nodes, to stand before the node.</returns>
    public IReadOnlyList<OnnxNode> Apply(float inputScale, bool isFull, GraphView view)
    {
        int most = isFull ? Full : Reduced;
        float[] scales = Scales(most);
        sbyte[] whole = new sbyte[Values.Length];
        for (int i = 0; i < whole.Length; i++)
        {
            whole[i] = (sbyte)Math.Clamp(MathF.Round(Values[i] / scales[Channel(i)]), -most, most);
        }

        List<OnnxNode> nodes = [];
        string stem = Node.Outputs[0];
        Node.Inputs[1] = Dequantized(
            $"{stem}_weight",
            OnnxTensor.Of("", Shape, whole),
            scales,
            OnnxTensor.Of("", [Channels], new sbyte[Channels]),
            Axis,
            view,
            nodes
        );
        if (Bias is null)
        {
            return nodes;
        }

        float[] products = Array.ConvertAll(scales, s => s * inputScale);
        double[] exact = [.. Bias.Select((b, c) => Math.Round((double)b / products[c]))];
        if (Array.TrueForAll(exact, v => Math.Abs(v) < int.MaxValue))
        {
            Node.Inputs[2] = Dequantized(
                $"{stem}_bias",
                OnnxTensor.Of("", [Channels], Array.ConvertAll(exact, v => (int)v)),
                products,
                OnnxTensor.Of("", [Channels], new int[Channels]),
                0,
                view,
                nodes
            );
        }

        return nodes;
    }

    private float[] Scales(int most)
    {
        float[] largest = new float[Channels];
        for (int i = 0; i < Values.Length; i++)
        {
            int channel = Channel(i);
            largest[channel] = Math.Max(largest[channel], Math.Abs(Values[i]));
        }

        // A channel of zeros is zero with any scale; one of nearly nothing must not lose its scale to rounding.
        return Array.ConvertAll(largest, v => v > 1e-30f ? v / most : 1);
    }

    private int Channel(int index)
    {
        int block = (int)Shape.Skip(Axis + 1).Aggregate(1L, (a, b) => a * b);
        return index / block % Channels;
    }

    private static string Dequantized(
        string stem,
        OnnxTensor whole,
        float[] scales,
        OnnxTensor zeros,
        int axis,
        GraphView view,
        List<OnnxNode> nodes
    )
    {
        string output = view.Fresh(stem);
        OnnxNode node = new() { Name = output, Operator = "DequantizeLinear" };
        node.Inputs.Add(view.Add($"{stem}_whole", whole));
        node.Inputs.Add(view.Add($"{stem}_scale", OnnxTensor.Of("", [scales.Length], scales)));
        node.Inputs.Add(view.Add($"{stem}_zero", zeros));
        node.Outputs.Add(output);
        node.Attributes.Add(OnnxAttribute.Of("axis", (long)axis));
        nodes.Add(node);
        return output;
    }

    /// <summary>A convolution of one pixel of one channel.</summary>
    private static bool IsFactor(OnnxNode node, OnnxTensor weights) =>
        node.Operator == "Conv" && weights.Count == weights.Shape[0] && node.Integer("group", 1) == weights.Shape[0];

    private static bool HasFactors(OnnxNode gemm) =>
        (gemm.Find("alpha")?.Float ?? 1) != 1 || (gemm.Find("beta")?.Float ?? 1) != 1;
}
