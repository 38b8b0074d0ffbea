using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks.Toolchain;

/// <summary>Networks that hold one of everything that an optimiser should take out.</summary>
public static class Wasteful
{
    /// <summary>
    /// Input [N, 3, 8, 8], output [N, 4]. Convolutions followed by BatchNormalization, Mul, Add, Sub and Div; Identity, Dropout and a
    /// cast to the same type; constants worked out of constants and of a known shape; equal constants; a dead branch; MatMul and Add;
    /// two reshapes and two transposes in a row.
    /// </summary>
    public static byte[] Network()
    {
        RandomWeights random = new(1);
        OnnxBuilder b = new();
        string x = b.Input("input", OnnxType.Float, OnnxDimension.Open("N"), 3, 8, 8);
        string y = b.Node("Conv", [x, b.Constant([6, 3, 3, 3], random.Next(162, 0.3f))], Pads(1));
        y = b.Node(
            "BatchNormalization",
            [
                y,
                b.Constant([6], random.Positive(6)),
                b.Constant([6], random.Next(6)),
                b.Constant([6], random.Next(6)),
                b.Constant([6], random.Positive(6)),
            ],
            OnnxAttribute.Of("epsilon", 1e-3f)
        );
        y = b.Node("Relu", [b.Node("Identity", [y])]);
        y = b.Node("Conv", [y, b.Constant([6, 1, 3, 3], random.Next(54)), b.Constant([6], random.Next(6))], Grouped());
        y = b.Node("Mul", [b.Constant([6, 1, 1], random.Positive(6)), y]);
        y = b.Node("Add", [y, b.Constant([1, 6, 1, 1], random.Next(6))]);
        y = b.Node("Dropout", [y]);
        y = b.Node("Cast", [b.Node("Cast", [y], To(OnnxType.Float))], To(OnnxType.Float));
        y = b.Node("Relu", [y]);
        y = b.Node(
            "ConvTranspose",
            [y, b.Constant([6, 2, 2, 2], random.Next(48)), b.Constant([4], random.Next(4))],
            OnnxAttribute.OfMany("strides", 2L, 2L),
            OnnxAttribute.Of("group", 2)
        );
        y = b.Node("Sub", [b.Constant([4, 1, 1], random.Next(4)), y]);
        y = b.Node("Div", [y, b.Constant([4, 1, 1], random.Positive(4))]);
        y = b.Node("Transpose", [b.Node("Transpose", [y], Order(0, 2, 3, 1))], Order(0, 3, 1, 2));
        string dead = b.Node("Relu", [y]);
        _ = b.Node("Sigmoid", [dead]);
        // Half of a half twice, worked out at load: [4·256] from a shape that is known but for the batch.
        string length = b.Node("Mul", [b.Integers(512), b.Integers(2)]);
        string shape = b.Node("Concat", [b.Integers(-1), length], OnnxAttribute.Of("axis", 0));
        y = b.Node("Reshape", [b.Node("Reshape", [y, b.Integers(0, 4, 256)]), shape]);
        y = b.Node("Mul", [y, b.Constant([1], [0.5f])]);
        y = b.Node("Add", [y, b.Constant([1], [0.5f])]);
        y = b.Node("MatMul", [y, b.Constant([1024, 4], random.Next(4096, 0.05f))]);
        y = b.Node("Add", [b.Constant([4], random.Next(4)), y]);
        b.Output("output", y, OnnxType.Float, OnnxDimension.Open("N"), 4);
        return b.ToBytes("wasteful");
    }

    /// <summary>Input and output [N, 32, 4, 4]: a convolution whose weights are kept as halves behind a Cast, with a factor behind it.</summary>
    public static byte[] HalfWeights()
    {
        RandomWeights random = new(2);
        OnnxBuilder b = new();
        string x = b.Input("input", OnnxType.Float, OnnxDimension.Open("N"), 32, 4, 4);
        Half[] weights = Array.ConvertAll(random.Next(32 * 32 * 9, 0.1f), v => (Half)v);
        string half = b.Add(OnnxTensor.Of("weights_half", [32, 32, 3, 3], weights));
        string y = b.Node("Conv", [x, b.Node("Cast", [half], To(OnnxType.Float))], Pads(1));
        y = b.Node("Mul", [y, b.Constant([32, 1, 1], random.Positive(32))]);
        b.Output("output", y, OnnxType.Float, OnnxDimension.Open("N"), 32, 4, 4);
        return b.ToBytes("half-weights");
    }

    internal static OnnxAttribute Pads(long each) => OnnxAttribute.OfMany("pads", each, each, each, each);

    internal static OnnxAttribute Order(params long[] axes) => OnnxAttribute.OfMany("perm", axes);

    internal static OnnxAttribute To(OnnxType type) => OnnxAttribute.Of("to", (long)type);

    private static OnnxAttribute[] Grouped() => [Pads(1), OnnxAttribute.Of("group", 6)];
}
