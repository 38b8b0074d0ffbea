using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks.Toolchain;

/// <summary>A network with everything that half precision cannot hold.</summary>
public static class HalfHazards
{
    /// <summary>
    /// Input [N, 4, 8, 8], outputs "picture" [N, 4, 16, 16] and "sum" [N, 1]: a normalisation, a summand of 1e-8, a factor of 1e6 that is
    /// taken back, a value that reaches 200 000, a Resize, a ReduceSum, and convolutions between.
    /// </summary>
    public static byte[] Network()
    {
        RandomWeights random = new(3);
        OnnxBuilder b = new();
        string x = b.Input("input", OnnxType.Float, OnnxDimension.Open("N"), 4, 8, 8);
        string y = b.Node("Conv", [x, b.Constant([4, 4, 3, 3], random.Next(144, 0.4f))], Wasteful.Pads(1));
        y = b.Node(
            "InstanceNormalization",
            [y, b.Constant([4], random.Positive(4)), b.Constant([4], random.Next(4))],
            OnnxAttribute.Of("epsilon", 1e-6f)
        );
        y = b.Node("Conv", [y, b.Constant([4, 4, 1, 1], random.Next(16))]);
        // A division by nearly nothing: with the summand lost it is one by 0.
        string zero = b.Node("Sub", [y, y]);
        string tiny = b.Add(OnnxTensor.Of("epsilon", [1], [1e-8f]));
        y = b.Node("Add", [y, b.Node("Div", [zero, b.Node("Add", [zero, tiny])])]);
        string factor = b.Add(OnnxTensor.Of("million", [1], [1e6f]));
        y = b.Node("Div", [b.Node("Mul", [y, factor]), factor]);
        // 450² is over the largest half, though 450 is not.
        string wide = b.Node("Mul", [y, b.Constant([1], [450f])]);
        y = b.Node("Mul", [b.Node("Mul", [wide, b.Constant([1], [450f])]), b.Constant([1], [1 / 202_500f])]);
        string large = b.Node("Resize", [y, "", b.Constant([4], [1f, 1f, 2f, 2f])], OnnxAttribute.Of("mode", "linear"));
        large = b.Node("Conv", [large, b.Constant([4, 4, 3, 3], random.Next(144, 0.3f))], Wasteful.Pads(1));
        string sum = b.Node(
            "ReduceSum",
            [b.Node("Abs", [large]), b.Integers(1, 2, 3)],
            OnnxAttribute.Of("keepdims", 0)
        );
        b.Output("picture", large, OnnxType.Float, OnnxDimension.Open("N"), 4, 16, 16);
        b.Output("sum", b.Node("Reshape", [sum, b.Integers(-1, 1)]), OnnxType.Float, OnnxDimension.Open("N"), 1);
        return b.ToBytes("half-hazards");
    }
}
