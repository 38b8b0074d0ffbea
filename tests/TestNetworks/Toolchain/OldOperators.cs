using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks.Toolchain;

/// <summary>Networks of operators before version 13, with settings that are inputs today.</summary>
public static class OldOperators
{
    /// <summary>Input [1, 4, 6, 6], output [1, 4]; version 9 or 12 of ONNX's operators.</summary>
    /// <param name="opset">9 to 12.</param>
    /// <param name="softmaxAxis">Of a shape [1, 4]; 1 is its last.</param>
    public static byte[] Network(long opset, long softmaxAxis = 1)
    {
        RandomWeights random = new(6);
        OnnxBuilder b = new(opset);
        string x = b.Input("input", OnnxType.Float, 1, 4, 6, 6);
        string y = b.Node("Conv", [x, b.Constant([4, 4, 3, 3], random.Next(144, 0.4f))], Wasteful.Pads(1));
        if (opset < 11)
        {
            y = b.Node("Clip", [y], OnnxAttribute.Of("min", -1f), OnnxAttribute.Of("max", 1f));
            y = b.Node("Pad", [y], OnnxAttribute.OfMany("pads", 0L, 0L, 1L, 1L, 0L, 0L, 1L, 1L));
            y = b.Node(
                "Slice",
                [y],
                OnnxAttribute.OfMany("starts", 1L),
                OnnxAttribute.OfMany("ends", 7L),
                OnnxAttribute.OfMany("axes", 2L)
            );
            y = b.Node("Upsample", [y, b.Constant([4], [1f, 1f, 2f, 2f])], OnnxAttribute.Of("mode", "nearest"));
        }

        IReadOnlyList<string> halves = b.Nodes(
            "Split",
            [y],
            2,
            OnnxAttribute.Of("axis", 1),
            OnnxAttribute.OfMany("split", 1L, 3L)
        );
        y = b.Node("Concat", [halves[1], halves[0]], OnnxAttribute.Of("axis", 1));
        y = b.Node("ReduceSum", [y], OnnxAttribute.OfMany("axes", 2L), OnnxAttribute.Of("keepdims", 1));
        y = b.Node(
            "Squeeze",
            [b.Node("Unsqueeze", [y], OnnxAttribute.OfMany("axes", 0L))],
            OnnxAttribute.OfMany("axes", 0L, 3L)
        );
        y = b.Node("ReduceMean", [y], OnnxAttribute.OfMany("axes", 2L), OnnxAttribute.Of("keepdims", 0));
        y = b.Node("Gemm", [y, b.Constant([4, 4], random.Next(16)), b.Constant([4], random.Next(4))]);
        y = b.Node("Softmax", [y], OnnxAttribute.Of("axis", softmaxAxis));
        b.Output("output", y, OnnxType.Float, 1, 4);
        return b.ToBytes("old");
    }
}
