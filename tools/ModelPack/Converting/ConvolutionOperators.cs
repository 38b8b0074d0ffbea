using FaceFusion.Batch.ModelPack.Onnx;
using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Converting;

/// <summary>Convolutions and pooling. The numbers of option fields are those of the TFLite schema.</summary>
internal static class ConvolutionOperators
{
    /// <summary>Weights are [out, height, width, in] in TFLite and [out, in, height, width] in ONNX.</summary>
    public static void Conv2D(Conversion conversion, TfliteOperator step)
    {
        int[] weights = conversion.Shape(step.Inputs[1]);
        FlatTable options = Options(step);
        var window = new Window(
            weights[1],
            weights[2],
            options.Int32(2, 1),
            options.Int32(1, 1),
            options.Int32(5, 1),
            options.Int32(4, 1)
        );
        float[] values = WeightLayout.Permute(conversion.Floats(step.Inputs[1]), weights, 0, 3, 1, 2);
        long[] shape = Conversion.Long(weights[0], weights[3], weights[1], weights[2]);
        Convolve(conversion, step, window, conversion.Graph.Constant(shape, values), 1, options.Byte(3));
    }

    /// <summary>Weights are [1, height, width, channels] in TFLite; in ONNX each channel is a group of its own.</summary>
    public static void DepthwiseConv2D(Conversion conversion, TfliteOperator step)
    {
        int[] weights = conversion.Shape(step.Inputs[1]);
        FlatTable options = Options(step);
        var window = new Window(
            weights[1],
            weights[2],
            options.Int32(2, 1),
            options.Int32(1, 1),
            options.Int32(6, 1),
            options.Int32(5, 1)
        );
        float[] values = WeightLayout.Permute(conversion.Floats(step.Inputs[1]), weights, 3, 0, 1, 2);
        long[] shape = Conversion.Long(weights[3], 1, weights[1], weights[2]);
        int channels = conversion.Shape(step.Inputs[0])[3];
        Convolve(conversion, step, window, conversion.Graph.Constant(shape, values), channels, options.Byte(4));
    }

    public static void MaxPool2D(Conversion conversion, TfliteOperator step)
    {
        FlatTable options = Options(step);
        var window = new Window(
            options.Int32(4, 1),
            options.Int32(3, 1),
            options.Int32(2, 1),
            options.Int32(1, 1),
            1,
            1
        );
        string value = conversion.Graph.Add(
            "MaxPool",
            [conversion.Value(step.Inputs[0])],
            OnnxAttribute.Integers("kernel_shape", window.Height, window.Width),
            OnnxAttribute.Integers("strides", window.StrideY, window.StrideX),
            Padding(conversion, step, window)
        );
        conversion.Set(step.Outputs[0], conversion.Activate(value, options.Byte(5)));
    }

    private static void Convolve(
        Conversion conversion,
        TfliteOperator step,
        Window window,
        string weights,
        int groups,
        int activation
    )
    {
        List<string> inputs = [conversion.Value(step.Inputs[0]), weights];
        if (step.ThirdInput is { } bias)
        {
            inputs.Add(conversion.Graph.Constant(Conversion.Long(conversion.Shape(bias)), conversion.Floats(bias)));
        }

        string value = conversion.Graph.Add(
            "Conv",
            [.. inputs],
            OnnxAttribute.Integers("kernel_shape", window.Height, window.Width),
            OnnxAttribute.Integers("strides", window.StrideY, window.StrideX),
            OnnxAttribute.Integers("dilations", window.DilationY, window.DilationX),
            Padding(conversion, step, window),
            OnnxAttribute.Integer("group", groups)
        );
        conversion.Set(step.Outputs[0], conversion.Activate(value, activation));
    }

    private static OnnxAttribute Padding(Conversion conversion, TfliteOperator step, Window window)
    {
        const int Same = 0;
        if (Options(step).Byte(0) != Same)
        {
            return OnnxAttribute.Integers("pads", 0, 0, 0, 0);
        }

        int[] shape = conversion.Shape(step.Inputs[0]);
        (int top, int bottom) = WeightLayout.SamePadding(shape[1], window.Height, window.StrideY, window.DilationY);
        (int left, int right) = WeightLayout.SamePadding(shape[2], window.Width, window.StrideX, window.DilationX);
        return OnnxAttribute.Integers("pads", top, left, bottom, right);
    }

    private static FlatTable Options(TfliteOperator step) =>
        step.Options ?? throw new InvalidDataException($"The operator {step} has no options.");

    private readonly record struct Window(
        int Height,
        int Width,
        int StrideY,
        int StrideX,
        int DilationY,
        int DilationX
    );
}
