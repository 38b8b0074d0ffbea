using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Toolchain.Graphs;

namespace FaceFusion.Batch.Faces.Toolchain.Optimising;

/// <summary>y = x · factor + summand, with one of each for every channel.</summary>
internal sealed record ChannelStep(double[] Factors, double[] Summands)
{
    /// <summary>What the node does to <paramref name="value"/>; null where that is something else.</summary>
    /// <param name="node">BatchNormalization, Mul, Div, Add or Sub.</param>
    /// <param name="value">One of its inputs.</param>
    /// <param name="channels">Of the value, on axis 1.</param>
    /// <param name="spatial">Dimensions of the value behind its channels.</param>
    /// <param name="values">To look constants up.</param>
    public static ChannelStep? Of(OnnxNode node, string value, int channels, int spatial, ConstantValues values)
    {
        if (node.Operator == "BatchNormalization")
        {
            return Normalisation(node, value, channels, values);
        }

        int at = node.Inputs.IndexOf(value);
        if (node.Inputs.Count != 2 || PerChannel(node.Inputs[1 - at], channels, spatial, values) is not { } constant)
        {
            return null;
        }

        double[] ones = Filled(1, channels);
        double[] none = new double[channels];
        return (node.Operator, at) switch
        {
            ("Mul", _) => new ChannelStep(constant, none),
            ("Div", 0) when !constant.Contains(0) => new ChannelStep(Array.ConvertAll(constant, c => 1 / c), none),
            ("Add", _) => new ChannelStep(ones, constant),
            ("Sub", 0) => new ChannelStep(ones, Array.ConvertAll(constant, c => -c)),
            ("Sub", 1) => new ChannelStep(Filled(-1, channels), constant),
            _ => null,
        };
    }

    /// <summary>scale · (x − mean) / √(variance + ε) + bias.</summary>
    private static ChannelStep? Normalisation(OnnxNode node, string value, int channels, ConstantValues values)
    {
        float[]?[] constants = [.. node.Inputs.Skip(1).Select(values.Floats)];
        if (
            node.Inputs[0] != value
            || node.Integer("training_mode", 0) != 0
            || node.Outputs.Count(name => name.Length > 0) != 1
            || constants.Length != 4
            || Array.Exists(constants, c => c?.Length != channels)
        )
        {
            return null;
        }

        double epsilon = node.Find("epsilon")?.Float ?? 1e-5f;
        double[] factors = new double[channels];
        double[] summands = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            factors[c] = constants[0]![c] / Math.Sqrt(constants[3]![c] + epsilon);
            summands[c] = constants[1]![c] - (constants[2]![c] * factors[c]);
        }

        return new ChannelStep(factors, summands);
    }

    /// <summary>The constant as one number for each channel, if laid beside a value of this rank it is that.</summary>
    private static double[]? PerChannel(string name, int channels, int spatial, ConstantValues values)
    {
        if (values.Of(name) is not { Type: OnnxType.Float or OnnxType.Half } tensor || tensor.Shape.Count > spatial + 2)
        {
            return null;
        }

        if (tensor.Count == 1)
        {
            return Filled(tensor.ToFloats()[0], channels);
        }

        // Shapes are aligned at their ends: channels stand before as many ones as the picture has dimensions.
        int axis = tensor.Shape.Count - 1 - spatial;
        return axis >= 0 && tensor.Count == channels && tensor.Shape[axis] == channels
            ? Array.ConvertAll(tensor.ToFloats(), f => (double)f)
            : null;
    }

    private static double[] Filled(double value, int length)
    {
        double[] values = new double[length];
        Array.Fill(values, value);
        return values;
    }
}
