using FaceFusion.Batch.ModelPack.Onnx;
using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Converting;

/// <summary>Operators that work element by element, and those that move elements.</summary>
internal static class ElementOperators
{
    /// <summary>Add, Sub, Mul: two tensors, or a tensor and a constant.</summary>
    public static void Binary(Conversion conversion, TfliteOperator step, string operation)
    {
        int rank = conversion.Shape(step.Outputs[0]).Length;
        string left = Operand(conversion, step.Inputs[0], rank);
        string right = Operand(conversion, step.Inputs[1], rank);
        string value = conversion.Graph.Add(operation, [left, right]);
        conversion.Set(step.Outputs[0], conversion.Activate(value, step.Options?.Byte(0) ?? 0));
    }

    public static void Unary(Conversion conversion, TfliteOperator step, string operation) =>
        conversion.Set(step.Outputs[0], conversion.Graph.Add(operation, [conversion.Value(step.Inputs[0])]));

    /// <summary>Slopes are [1, 1, channels] in TFLite.</summary>
    public static void PRelu(Conversion conversion, TfliteOperator step)
    {
        if (conversion.Shape(step.Inputs[1]) is not [1, 1, _])
        {
            throw new NotSupportedException("PRELU with a slope for each place is not supported.");
        }

        string value = conversion.Value(step.Inputs[0]);
        conversion.Set(step.Outputs[0], PRelu(conversion.Graph, value, conversion.Floats(step.Inputs[1])));
    }

    /// <summary>
    /// Written as slope * x + (1 - slope) * relu(x), two depthwise convolutions of one element: ONNX Runtime keeps these, unlike its own
    /// PRelu, in its blocked channel layout, so the tensors around them are not reordered either.
    /// </summary>
    /// <param name="slopes">Factor below zero for each channel of a tensor of four dimensions.</param>
    public static string PRelu(OnnxGraph graph, string value, float[] slopes)
    {
        string linear = Scale(graph, value, slopes);
        string positive = Scale(graph, graph.Add("Relu", [value]), [.. slopes.Select(slope => 1 - slope)]);
        return graph.Add("Add", [linear, positive]);
    }

    private static string Scale(OnnxGraph graph, string value, float[] factors) =>
        graph.Add(
            "Conv",
            [value, graph.ExactConstant([factors.Length, 1, 1, 1], factors)],
            OnnxAttribute.Integers("kernel_shape", 1, 1),
            OnnxAttribute.Integer("group", factors.Length)
        );

    /// <summary>Zeros around a tensor of four dimensions.</summary>
    public static void Pad(Conversion conversion, TfliteOperator step)
    {
        int[] pads = conversion.Model.Tensors[step.Inputs[1]].Int32s();
        if (pads.Length != 8)
        {
            throw new NotSupportedException("PAD is supported for four dimensions only.");
        }

        // TFLite: begin and end for N, H, W, C in turn. ONNX: all begins, then all ends, of N, C, H, W.
        string places = conversion.Graph.Integers(
            pads[0],
            pads[6],
            pads[2],
            pads[4],
            pads[1],
            pads[7],
            pads[3],
            pads[5]
        );
        conversion.Set(step.Outputs[0], conversion.Graph.Add("Pad", [conversion.Value(step.Inputs[0]), places]));
    }

    public static void Reshape(Conversion conversion, TfliteOperator step)
    {
        int[] shape = conversion.Shape(step.Outputs[0]);
        string value = conversion.Reshape(conversion.TfliteLayout(step.Inputs[0]), Conversion.Long(shape[1..]));
        if (shape.Length == 4)
        {
            value = conversion.Graph.Add("Transpose", [value], OnnxAttribute.Integers("perm", 0, 3, 1, 2));
        }

        conversion.Set(step.Outputs[0], value);
    }

    /// <summary>Bilinear enlargement; the options say how the corners lie.</summary>
    public static void ResizeBilinear(Conversion conversion, TfliteOperator step)
    {
        int[] from = conversion.Shape(step.Inputs[0]);
        int[] to = conversion.Shape(step.Outputs[0]);
        bool alignCorners = step.Options?.Byte(2) is > 0;
        bool halfPixel = step.Options?.Byte(3) is > 0;
        string scales = conversion.Graph.Constant([4], [1, 1, to[1] / (float)from[1], to[2] / (float)from[2]]);
        string value = conversion.Graph.Add(
            "Resize",
            [conversion.Value(step.Inputs[0]), "", scales],
            OnnxAttribute.Text("mode", "linear"),
            OnnxAttribute.Text(
                "coordinate_transformation_mode",
                alignCorners ? "align_corners"
                    : halfPixel ? "half_pixel"
                    : "asymmetric"
            )
        );
        conversion.Set(step.Outputs[0], value);
    }

    /// <summary>A slice is supported where it takes everything: the exporter's way of naming an output.</summary>
    public static void WholeSlice(Conversion conversion, TfliteOperator step)
    {
        if (!conversion.Shape(step.Inputs[0]).SequenceEqual(conversion.Shape(step.Outputs[0])))
        {
            throw new NotSupportedException("STRIDED_SLICE is supported only where it takes the whole tensor.");
        }

        conversion.Set(step.Outputs[0], conversion.Value(step.Inputs[0]));
    }

    private static string Operand(Conversion conversion, int tensor, int rank)
    {
        if (!conversion.IsConstant(tensor))
        {
            return conversion.Value(tensor);
        }

        int[] shape = conversion.Shape(tensor);
        float[] values = conversion.Floats(tensor);
        if (rank != 4)
        {
            return conversion.Graph.Constant(Conversion.Long(shape), values);
        }

        int[] padded = [.. Enumerable.Repeat(1, 4 - shape.Length), .. shape];
        return conversion.Graph.Constant(
            Conversion.Long(padded[0], padded[3], padded[1], padded[2]),
            WeightLayout.Permute(values, padded, 0, 3, 1, 2)
        );
    }
}
