using FaceFusion.Batch.ModelPack.Onnx;
using FaceFusion.Batch.ModelPack.Tflite;

namespace FaceFusion.Batch.ModelPack.Converting;

/// <summary>
/// The custom operators of the attention face mesh, in plain ONNX: a rotated rectangle around some landmarks becomes a matrix, the matrix
/// cuts that region out of a feature map, and what the branch finds in the region is carried back. Source of the formulas:
/// mediapipe/util/tflite/operations (landmarks_to_transform_matrix, transform_tensor_bilinear, transform_landmarks).
/// </summary>
internal static class RegionOperators
{
    public const string MatrixOfLandmarks = "Landmarks2TransformMatrix";
    public const string SampleRegion = "TransformTensorBilinear";
    public const string CarryBack = "TransformLandmarks";

    public static void Convert(Conversion conversion, TfliteOperator step)
    {
        switch (step.CustomName)
        {
            case MatrixOfLandmarks:
                ConvertMatrix(conversion, step);
                break;
            case SampleRegion:
                ConvertSampling(conversion, step);
                break;
            case CarryBack:
                ConvertCarrying(conversion, step);
                break;
            default:
                throw new NotSupportedException($"The custom operator {step.CustomName} is not supported.");
        }
    }

    /// <summary>
    /// The rectangle that holds the subset of landmarks, turned by the line between two of them and enlarged, as the 4×4 matrix from the
    /// region's pixels to the landmarks' own coordinates. cos and sin come from the line's slope itself, so no angle is needed.
    /// </summary>
    private static void ConvertMatrix(Conversion conversion, TfliteOperator step)
    {
        OnnxGraph graph = conversion.Graph;
        var options = new FlexMap(step.CustomOptions);
        if (options.Single("target_rotation_radians") != 0)
        {
            throw new NotSupportedException($"{MatrixOfLandmarks} is supported for upright regions only.");
        }

        float width = options.Int32("output_width");
        float height = options.Int32("output_height");
        string landmarks = conversion.Value(step.Inputs[0]);
        string left = Take(graph, landmarks, 1, options.Int32("left_rotation_idx"));
        string right = Take(graph, landmarks, 1, options.Int32("right_rotation_idx"));
        string dx = graph.Add("Sub", [Axis(graph, right, 0), Axis(graph, left, 0)]);
        string dy = graph.Add("Sub", [Axis(graph, right, 1), Axis(graph, left, 1)]);
        string length = graph.Add("Sqrt", [graph.Add("Add", [graph.Add("Mul", [dx, dx]), graph.Add("Mul", [dy, dy])])]);
        string cos = graph.Add("Div", [dx, length]);
        string sin = graph.Add("Neg", [graph.Add("Div", [dy, length])]);

        string subset = Take(graph, landmarks, 1, options.Int32s("subset_idxs"));
        string x = Axis(graph, subset, 0);
        string y = Axis(graph, subset, 1);
        string turnedX = graph.Add("Sub", [graph.Add("Mul", [cos, x]), graph.Add("Mul", [sin, y])]);
        string turnedY = graph.Add("Add", [graph.Add("Mul", [sin, x]), graph.Add("Mul", [cos, y])]);
        (string middleX, string spanX) = Extent(graph, turnedX);
        (string middleY, string spanY) = Extent(graph, turnedY);
        string centreX = graph.Add("Add", [graph.Add("Mul", [cos, middleX]), graph.Add("Mul", [sin, middleY])]);
        string centreY = graph.Add("Sub", [graph.Add("Mul", [cos, middleY]), graph.Add("Mul", [sin, middleX])]);
        string scaleX = graph.Add("Mul", [spanX, graph.Scalar(options.Single("scale_x") / width)]);
        string scaleY = graph.Add("Mul", [spanY, graph.Scalar(options.Single("scale_y") / height)]);

        string a = graph.Add("Mul", [cos, scaleX]);
        string b = graph.Add("Mul", [sin, scaleY]);
        string c = graph.Add("Neg", [graph.Add("Mul", [sin, scaleX])]);
        string d = graph.Add("Mul", [cos, scaleY]);
        string offsetX = Offset(graph, centreX, a, b, width, height);
        string offsetY = Offset(graph, centreY, c, d, width, height);
        string zero = graph.Add("Sub", [cos, cos]);
        string one = graph.Add("Add", [zero, graph.Scalar(1)]);
        string[] rows =
        [
            .. new[] { a, b, zero, offsetX },
            .. new[] { c, d, zero, offsetY },
            .. new[] { zero, zero, one, zero },
            .. new[] { zero, zero, zero, one },
        ];
        string matrix = graph.Add("Concat", rows, OnnxAttribute.Integer("axis", 1));
        conversion.Set(step.Outputs[0], conversion.Reshape(matrix, 4, 4));
    }

    /// <summary>Bilinear samples of a feature map at the region's pixel centres; a sample outside the map is zero as a whole.</summary>
    private static void ConvertSampling(Conversion conversion, TfliteOperator step)
    {
        OnnxGraph graph = conversion.Graph;
        int[] map = conversion.Shape(step.Inputs[0]);
        int[] region = conversion.Shape(step.Outputs[0]);
        int height = region[1];
        int width = region[2];
        float[] centres = new float[height * width * 3];
        for (int i = 0; i < height * width; i++)
        {
            centres[3 * i] = (i % width) + 0.5f;
            centres[(3 * i) + 1] = (i / width) + 0.5f;
            centres[(3 * i) + 2] = 1;
        }

        string affine = Take(graph, Take(graph, conversion.Value(step.Inputs[1]), 1, 0, 1), 2, 0, 1, 3);
        string places = graph.Add(
            "Sub",
            [
                graph.Add("MatMul", [graph.ExactConstant([1, height * width, 3], centres), Flip(graph, affine)]),
                graph.Scalar(0.5f),
            ]
        );
        // GridSample counts from −1 to 1 between the centres of the outermost pixels.
        string unit = graph.Add("Mul", [places, graph.Constant([2], [2f / (map[2] - 1), 2f / (map[1] - 1)])]);
        string grid = conversion.Reshape(graph.Add("Sub", [unit, graph.Scalar(1)]), height, width, 2);
        string samples = graph.Add(
            "GridSample",
            [conversion.Value(step.Inputs[0]), grid],
            OnnxAttribute.Text("mode", "bilinear"),
            OnnxAttribute.Text("padding_mode", "zeros"),
            OnnxAttribute.Integer("align_corners", 1)
        );
        string farthest = graph.Add(
            "ReduceMax",
            [graph.Add("Abs", [grid])],
            OnnxAttribute.Integers("axes", 3),
            OnnxAttribute.Integer("keepdims", 0)
        );
        string inside = graph.Add(
            "Cast",
            [graph.Add("LessOrEqual", [farthest, graph.Scalar(1)])],
            OnnxAttribute.Integer("to", 1)
        );
        string mask = graph.Add("Unsqueeze", [inside, graph.Integers(1)]);
        conversion.Set(step.Outputs[0], graph.Add("Mul", [samples, mask]));
    }

    private static void ConvertCarrying(Conversion conversion, TfliteOperator step)
    {
        OnnxGraph graph = conversion.Graph;
        string rows = Take(graph, conversion.Value(step.Inputs[1]), 1, 0, 1);
        string turn = Flip(graph, Take(graph, rows, 2, 0, 1));
        string shift = Flip(graph, Take(graph, rows, 2, 3));
        string turned = graph.Add("MatMul", [conversion.Value(step.Inputs[0]), turn]);
        conversion.Set(step.Outputs[0], graph.Add("Add", [turned, shift]));
    }

    private static string Take(OnnxGraph graph, string value, int axis, params int[] indices) =>
        graph.Add("Gather", [value, graph.Integers(Conversion.Long(indices))], OnnxAttribute.Integer("axis", axis));

    /// <summary>One coordinate of [N, points, 3] as [N, points].</summary>
    private static string Axis(OnnxGraph graph, string points, int coordinate) =>
        graph.Add("Squeeze", [Take(graph, points, 2, coordinate), graph.Integers(2)]);

    private static string Flip(OnnxGraph graph, string matrix) =>
        graph.Add("Transpose", [matrix], OnnxAttribute.Integers("perm", 0, 2, 1));

    private static (string Middle, string Span) Extent(OnnxGraph graph, string values)
    {
        string highest = graph.Add("ReduceMax", [values], OnnxAttribute.Integers("axes", 1));
        string lowest = graph.Add("ReduceMin", [values], OnnxAttribute.Integers("axes", 1));
        string middle = graph.Add("Mul", [graph.Add("Add", [lowest, highest]), graph.Scalar(0.5f)]);
        return (middle, graph.Add("Sub", [highest, lowest]));
    }

    private static string Offset(OnnxGraph graph, string centre, string x, string y, float width, float height)
    {
        string half = graph.Add(
            "Add",
            [graph.Add("Mul", [x, graph.Scalar(width / 2)]), graph.Add("Mul", [y, graph.Scalar(height / 2)])]
        );
        return graph.Add("Sub", [centre, half]);
    }
}
