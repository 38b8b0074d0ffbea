using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks.Toolchain;

/// <summary>Networks with a batch of one written into them.</summary>
public static class FixedBatch
{
    /// <summary>
    /// Inputs "input" [1, 3, 8, 8] and "weight" [1], outputs "picture" [1, 4, 16, 16] and "code" [1, 6]. Attention of two heads, which are
    /// folded into the first axis; a Resize to fixed lengths; a Reshape that leaves the batch as it is, one that makes a row of all else.
    /// </summary>
    public static byte[] Network()
    {
        RandomWeights random = new(4);
        OnnxBuilder b = new();
        string x = b.Input("input", OnnxType.Float, 1, 3, 8, 8);
        string weight = b.Input("weight", OnnxType.Float, 1);
        string y = b.Node("Conv", [x, b.Constant([8, 3, 3, 3], random.Next(216, 0.4f))], Wasteful.Pads(1));
        string tokens = b.Node("Transpose", [b.Node("Reshape", [y, b.Integers(1, 8, 64)])], Wasteful.Order(0, 2, 1));
        string query = Heads(b, tokens, random);
        string key = b.Node("Transpose", [Heads(b, tokens, random)], Wasteful.Order(0, 2, 1));
        string score = b.Node("Softmax", [b.Node("MatMul", [query, key])], OnnxAttribute.Of("axis", -1));
        string mixed = b.Node("MatMul", [score, Heads(b, tokens, random)]);
        mixed = b.Node("Transpose", [b.Node("Reshape", [mixed, b.Integers(1, 2, 64, 4)])], Wasteful.Order(0, 1, 3, 2));
        y = b.Node("Add", [y, b.Node("Reshape", [mixed, b.Integers(1, 8, 8, 8)])]);
        y = b.Node("Mul", [y, weight]);
        string large = b.Node(
            "Resize",
            [y, "", "", b.Integers(1, 8, 16, 16)],
            OnnxAttribute.Of("mode", "nearest"),
            OnnxAttribute.Of("coordinate_transformation_mode", "asymmetric"),
            OnnxAttribute.Of("nearest_mode", "floor")
        );
        large = b.Node("Conv", [large, b.Constant([4, 8, 1, 1], random.Next(32))]);
        string row = b.Node("Reshape", [y, b.Integers(1, -1)]);
        string code = b.Node("MatMul", [row, b.Constant([512, 6], random.Next(3072, 0.1f))]);
        b.Output("picture", large, OnnxType.Float, 1, 4, 16, 16);
        b.Output("code", code, OnnxType.Float, 1, 6);
        return b.ToBytes("fixed-batch");
    }

    /// <summary>
    /// Input [1, 4, 4, 4] and output "output" behind one node, or two, that cannot take a batch: <c>expand</c>, <c>tile</c>,
    /// <c>constant-of-shape</c>, <c>grid</c>, <c>modulated</c>, <c>mean</c>, <c>squeeze</c>, <c>gather</c>, <c>slice</c>, <c>join</c>,
    /// <c>rows</c>, <c>suppress</c> or <c>product</c>.
    /// </summary>
    public static byte[] Hazard(string kind)
    {
        RandomWeights random = new(5);
        OnnxBuilder b = new();
        string x = b.Input("input", OnnxType.Float, 1, 4, 4, 4);
        string one = b.Constant([1, 1, 1, 1], [0.5f]);
        OnnxAttribute axis = OnnxAttribute.Of("axis", 1);
        string y = kind switch
        {
            "expand" => b.Node("Concat", [x, b.Node("Expand", [one, b.Integers(1, 1, 4, 4)])], axis),
            "tile" => b.Node("Tile", [x, b.Integers(2, 1, 1, 1)]),
            "constant-of-shape" => b.Node("Concat", [x, b.Node("ConstantOfShape", [b.Integers(1, 1, 4, 4)])], axis),
            "grid" => b.Node("GridSample", [x, b.Constant([1, 4, 4, 2], random.Next(32))]),
            "modulated" => b.Node("Conv", [x, b.Node("Reshape", [x, b.Integers(4, 4, 2, 2)])]),
            "mean" => b.Node("ReduceMean", [x], OnnxAttribute.OfMany("axes", 0L)),
            "squeeze" => b.Node("Squeeze", [x, b.Integers(0)]),
            "gather" => b.Node("Gather", [x, b.Integers(0)]),
            "slice" => b.Node("Slice", [x, b.Integers(0), b.Integers(1), b.Integers(0)]),
            "join" => b.Node("Concat", [x, x], OnnxAttribute.Of("axis", 0)),
            "rows" => b.Node("Add", [x, b.Constant([2, 1, 1, 1], random.Next(2))]),
            "suppress" => b.Node("Cast", [b.Node("NonZero", [x])], Wasteful.To(OnnxType.Float)),
            "product" => b.Node(
                "MatMul",
                [
                    b.Node("Transpose", [x], Wasteful.Order(1, 2, 3, 0)),
                    b.Node("Transpose", [x], Wasteful.Order(1, 2, 0, 3)),
                ]
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        b.Output("output", y, OnnxType.Float, OnnxDimension.Open(""));
        return b.ToBytes("hazard");
    }

    /// <summary>
    /// Input and output [1, 4]: a table is looked up by the length of the batch, in a way that only a run can tell. With more than one
    /// sample every one comes out different.
    /// </summary>
    public static byte[] Hidden()
    {
        OnnxBuilder b = new();
        string x = b.Input("input", OnnxType.Float, 1, 4);
        string length = b.Node("Gather", [b.Node("Shape", [x]), b.Integers(0)]);
        string y = b.Node("Mul", [x, b.Node("Cast", [length], Wasteful.To(OnnxType.Float))]);
        b.Output("output", y, OnnxType.Float, 1, 4);
        return b.ToBytes("hidden");
    }

    /// <summary>[1, 64, 8] to [2, 64, 4]: 8 channels are two heads.</summary>
    private static string Heads(OnnxBuilder b, string tokens, RandomWeights random)
    {
        string y = b.Node("MatMul", [tokens, b.Constant([8, 8], random.Next(64, 0.5f))]);
        y = b.Node("Transpose", [b.Node("Reshape", [y, b.Integers(1, 64, 2, 4)])], Wasteful.Order(0, 2, 1, 3));
        return b.Node("Reshape", [y, b.Integers(2, 64, 4)]);
    }
}
