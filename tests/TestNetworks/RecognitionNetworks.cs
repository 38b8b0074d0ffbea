using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>Networks that look at an aligned face, with the inputs and outputs of FaceFusion's.</summary>
public static class RecognitionNetworks
{
    /// <summary>
    /// ArcFace: an embedding of 512 values that is the picture itself, the means of blocks of 8x8 pixels, 14 rows of 14: all of R, all of G,
    /// and the first 120 of B.
    /// </summary>
    public static byte[] Arcface()
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 3, 112, 112);
        string blocks = net.Node(
            "AveragePool",
            [input],
            OnnxAttribute.OfMany("kernel_shape", 8, 8),
            OnnxAttribute.OfMany("strides", 8, 8)
        );
        string row = net.Node("Reshape", [blocks, net.Integers(1, 588)]);
        string first = net.Node("Slice", [row, net.Integers(0), net.Integers(512), net.Integers(1)]);
        net.Output("output", first, OnnxType.Float, 1, 512);
        return net.ToBytes("arcface");
    }

    /// <summary>
    /// FairFace that goes by light: a picture whose normalised mean is above the middle is female, Asian and of 50 to 58 years, a darker one
    /// male, white and of 10 to 18.
    /// </summary>
    public static byte[] FairfaceByLight(float middle)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 3, 224, 224);
        string mean = net.Node(
            "ReduceMean",
            [input],
            OnnxAttribute.OfMany("axes", 1L, 2L, 3L),
            OnnxAttribute.Of("keepdims", 0)
        );
        string bright = net.Node(
            "Cast",
            [net.Node("Greater", [mean, net.Scalar(middle)])],
            OnnxAttribute.Of("to", (long)OnnxType.Int64)
        );
        net.Output("race_id", net.Node("Mul", [bright, net.Integers(3)]), OnnxType.Int64, 1);
        net.Output("gender_id", net.Node("Mul", [bright, net.Integers(1)]), OnnxType.Int64, 1);
        string years = net.Node("Mul", [bright, net.Integers(4)]);
        net.Output("age_id", net.Node("Add", [years, net.Integers(2)]), OnnxType.Int64, 1);
        return net.ToBytes("fairface");
    }

    /// <summary>FairFace: numbers of race, gender and age, all 0 where the input is not as expected.</summary>
    public static byte[] Fairface(long race, long gender, long age, ExpectedInput? expected = null)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 3, 224, 224);
        string factor = DetectorNetworks.Factor(net, input, expected);
        string isExpected = net.Node(
            "Cast",
            [net.Node("Greater", [factor, net.Scalar(0.5f)])],
            OnnxAttribute.Of("to", (long)OnnxType.Int64)
        );
        foreach ((string name, long value) in new[] { ("race_id", race), ("gender_id", gender), ("age_id", age) })
        {
            net.Output(name, net.Node("Mul", [net.Integers(value), isExpected]), OnnxType.Int64, 1);
        }

        return net.ToBytes("fairface");
    }
}
