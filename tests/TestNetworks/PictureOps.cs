using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>Parts of networks that take and make pictures of three channels.</summary>
internal static class PictureOps
{
    /// <summary>Every pixel moved away from the mean of its eight neighbours by <paramref name="amount"/> of the difference.</summary>
    public static string Sharpen(OnnxBuilder graph, string input, float amount)
    {
        float[] kernel = new float[3 * 3 * 9];
        for (int channel = 0; channel < 3; channel++)
        {
            Span<float> taps = kernel.AsSpan(((channel * 3) + channel) * 9, 9);
            taps.Fill(-amount / 8);
            taps[4] = 1 + amount;
        }

        string padded = graph.Node(
            "Pad",
            [input, graph.Integers(0, 0, 1, 1, 0, 0, 1, 1)],
            OnnxAttribute.Of("mode", "edge")
        );
        return graph.Node("Conv", [padded, graph.Constant([3, 3, 3, 3], kernel)]);
    }

    /// <summary><c>value · gain + bias</c>, with a gain and a bias for each of R, G and B.</summary>
    public static string PerChannel(OnnxBuilder graph, string input, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias)
    {
        string scaled = graph.Node("Mul", [input, graph.Constant([1, 3, 1, 1], gain)]);
        return graph.Node("Add", [scaled, graph.Constant([1, 3, 1, 1], bias)]);
    }
}
