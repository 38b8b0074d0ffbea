using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>Occluders and parsers with the names and shapes of the published ones.</summary>
public static class MaskNetworks
{
    private const int Classes = 19;

    /// <summary>
    /// An occluder of the xseg family, channels last, BGR: what has much of the channel in place <paramref name="channel"/> (0 is blue) is
    /// in front of the face: 1.5 − 2 · channel, which also leaves 0 to 1.
    /// </summary>
    public static byte[] Occluder(string name, int channel = 0)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 256, 256, 3);
        string one = net.Node("Slice", [input, net.Integers(channel), net.Integers(channel + 1), net.Integers(3)]);
        string seen = net.Node("Sub", [net.Scalar(1.5f), net.Node("Mul", [one, net.Scalar(2)])]);
        net.Output("output", seen, OnnxType.Float, 1, 256, 256, 1);
        return net.ToBytes(name);
    }

    /// <summary>An occluder that sees something in front of all that it is shown.</summary>
    public static byte[] Covered(string name)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 256, 256, 3);
        string one = net.Node("Slice", [input, net.Integers(0), net.Integers(1), net.Integers(3)]);
        net.Output("output", net.Node("Mul", [one, net.Scalar(0)]), OnnxType.Float, 1, 256, 256, 1);
        return net.ToBytes(name);
    }

    /// <summary>
    /// A parser of the bisenet family, ImageNet's mean and deviation: nineteen bands of rows from class 0 on top to class 18 at the foot;
    /// where red is more than 0.3 of the range above blue, class 0 whatever the row.
    /// </summary>
    public static byte[] Parser(string name)
    {
        OnnxBuilder net = new();
        string input = net.Input("input", OnnxType.Float, 1, 3, 512, 512);
        float[] rows = [.. Enumerable.Range(0, 512).Select(y => (y + 0.5f) * Classes / 512)];
        float[] middles = [.. Enumerable.Range(0, Classes).Select(c => c + 0.5f)];
        string away = net.Node(
            "Abs",
            [net.Node("Sub", [net.Constant([1, 1, 512, 1], rows), net.Constant([1, Classes, 1, 1], middles)])]
        );
        float[] first = new float[Classes];
        first[0] = 1000;
        string red = net.Node("Add", [net.Node("Mul", [Channel(net, input, 0), net.Scalar(.229f)]), net.Scalar(.485f)]);
        string blue = net.Node(
            "Add",
            [net.Node("Mul", [Channel(net, input, 2), net.Scalar(.225f)]), net.Scalar(.406f)]
        );
        string reddish = net.Node("Relu", [net.Node("Sub", [net.Node("Sub", [red, blue]), net.Scalar(0.3f)])]);
        string scores = net.Node("Sub", [net.Node("Mul", [reddish, net.Constant([1, Classes, 1, 1], first)]), away]);
        net.Output("output", scores, OnnxType.Float, 1, Classes, 512, 512);
        return net.ToBytes(name);
    }

    private static string Channel(OnnxBuilder net, string input, int channel) =>
        net.Node("Slice", [input, net.Integers(channel), net.Integers(channel + 1), net.Integers(1)]);
}
