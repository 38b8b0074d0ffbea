using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Optimising;

/// <summary>
/// Takes what follows a convolution and is one factor and one summand for each channel into its weights: BatchNormalization, and Mul, Div,
/// Add and Sub with a constant. (w ∗ x + b) · s + t = (w · s) ∗ x + (b · s + t), worked out in double precision.
/// </summary>
internal sealed class WeightFusion(long growth) : IGraphPass
{
    public string Name => "fusion into convolutions";

    public void Apply(OnnxModel model, ICollection<string> notes)
    {
        OnnxGraph graph = model.Graph;
        GraphView view = new(graph);
        ConstantValues values = new(model, view);
        int left = 0;
        foreach (OnnxNode node in graph.Nodes.ToArray())
        {
            if (Convolution(node, view) is not { } convolution || Weights.Of(convolution, values) is not { } weights)
            {
                continue;
            }

            if (ChannelStep.Of(node, convolution.Outputs[0], weights.Channels, weights.Spatial, values) is not { } step)
            {
                continue;
            }

            if (!Fuse(convolution, weights, step, view, values))
            {
                left++;
                continue;
            }

            convolution.Outputs[0] = node.Outputs[0];
            _ = graph.Nodes.Remove(node);
            // The convolution now stands for the later node, where nothing that came between needs its old name.
            view = new GraphView(graph);
            values = new ConstantValues(model, view);
        }

        if (left > 0)
        {
            notes.Add($"{left} steps stay: their factors make the half-precision weights before them single");
        }
    }

    /// <summary>The convolution whose result this node alone takes.</summary>
    private static OnnxNode? Convolution(OnnxNode node, GraphView view) =>
        node.Domain.Length == 0 && node.Operator is "BatchNormalization" or "Mul" or "Div" or "Add" or "Sub"
            ? node
                .Inputs.Where(name => view.IsOnlyUse(name, node))
                .Select(view.Maker)
                .FirstOrDefault(m => m is { Domain: "", Operator: "Conv" or "ConvTranspose" })
            : null;

    private bool Fuse(OnnxNode convolution, Weights weights, ChannelStep step, GraphView view, ConstantValues values)
    {
        bool scales = Array.Exists(step.Factors, f => f != 1);
        OnnxTensor? scaled = scales ? weights.Scaled(step.Factors) : null;
        if (scaled is not null && scaled.Data.Length > values.FreedBytes(convolution.Inputs[1], convolution) + growth)
        {
            return false;
        }

        float[] bias = new float[weights.Channels];
        for (int c = 0; c < bias.Length; c++)
        {
            bias[c] = (float)(((weights.Bias?[c] ?? 0) * step.Factors[c]) + step.Summands[c]);
        }

        if (scaled is not null)
        {
            convolution.Inputs[1] = view.Add($"{convolution.Inputs[1]}_fused", scaled);
        }

        string stem = weights.Bias is null ? $"{convolution.Inputs[1]}_bias" : $"{convolution.Inputs[2]}_fused";
        string added = view.Add(stem, OnnxTensor.Of("", [bias.Length], bias));
        convolution.Inputs.RemoveRange(2, convolution.Inputs.Count - 2);
        convolution.Inputs.Add(added);
        return true;
    }

    /// <summary>The constants of one convolution.</summary>
    private sealed record Weights(
        IReadOnlyList<long> Shape,
        float[] Values,
        float[]? Bias,
        int Channels,
        bool IsTransposed,
        int Groups
    )
    {
        /// <summary>Dimensions of the picture.</summary>
        public int Spatial => Shape.Count - 2;

        public static Weights? Of(OnnxNode convolution, ConstantValues values)
        {
            OnnxTensor? tensor = values.Of(convolution.Inputs[1]);
            // Models that compute in half precision are left alone: a rounding more is a difference of 5e-4.
            if (tensor is not { Type: OnnxType.Float, Shape.Count: > 2 })
            {
                return null;
            }

            bool hasBias = convolution.Inputs.Count > 2 && convolution.Inputs[2].Length > 0;
            float[]? bias = hasBias ? values.Floats(convolution.Inputs[2]) : null;
            int groups = (int)convolution.Integer("group", 1);
            bool isTransposed = convolution.Operator == "ConvTranspose";
            int channels = (int)(isTransposed ? tensor.Shape[1] * groups : tensor.Shape[0]);
            return hasBias && bias is null
                ? null
                : new Weights(tensor.Shape, tensor.ToFloats(), bias, channels, isTransposed, groups);
        }

        /// <summary>The weights times the factor of their output channel.</summary>
        public OnnxTensor Scaled(double[] factors)
        {
            float[] scaled = new float[Values.Length];
            int block = (int)Shape.Skip(2).Aggregate(1L, (a, b) => a * b);
            for (int i = 0; i < scaled.Length; i++)
            {
                int row = i / block;
                scaled[i] = (float)(Values[i] * factors[IsTransposed ? TransposedChannel(row) : row / (int)Shape[1]]);
            }

            return OnnxTensor.Of("", Shape, scaled);
        }

        /// <summary>Of weights in the order input channel, output channel of the group.</summary>
        private int TransposedChannel(int row)
        {
            int perGroup = (int)Shape[1];
            int group = row / perGroup / ((int)Shape[0] / Groups);
            return (group * perGroup) + (row % perGroup);
        }
    }
}
