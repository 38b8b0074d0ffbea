using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>Face enhancers: <c>input</c> (1, 3, size, size) RGB of −1 to 1, an output of the same.</summary>
public static class EnhancingNetworks
{
    public static byte[] Identity(int size) => Build(size, (_, input) => input);

    /// <summary><c>0.9 · x + (0.1, 0, −0.1)</c>: shows a wrong range, and channels in a wrong order.</summary>
    public static byte[] Tint(int size) =>
        Build(size, (graph, input) => PictureOps.PerChannel(graph, input, [0.9f, 0.9f, 0.9f], [0.1f, 0, -0.1f]));

    /// <summary>Twice the contrast: leaves the range, so that it shows whether it is clipped.</summary>
    public static byte[] Contrast(int size) =>
        Build(size, (graph, input) => graph.Node("Mul", [input, graph.Scalar(2)]));

    /// <summary>Sharpens by a convolution of 3×3.</summary>
    public static byte[] Sharpen(int size) => Build(size, (graph, input) => PictureOps.Sharpen(graph, input, 3));

    /// <summary>codeformer's second input: <c>weight</c> of double precision, one number. Gives <c>x + weight / 2 − 1/4</c>.</summary>
    public static byte[] Weighted(int size) =>
        Build(
            size,
            (graph, input) =>
            {
                string weight = graph.Input("weight", OnnxType.Double, 1);
                string single = graph.Node("Cast", [weight], OnnxAttribute.Of("to", (long)OnnxType.Float));
                string half = graph.Node("Mul", [single, graph.Scalar(0.5f)]);
                string moved = graph.Node("Sub", [half, graph.Scalar(0.25f)]);
                return graph.Node("Add", [input, moved]);
            }
        );

    /// <param name="family"><c>codeformer</c>, <c>gfpgan</c>, <c>gpen</c> or <c>restoreformer</c>.</param>
    public static ModelCard Card(string id, int size, string family = "gfpgan", string template = "ffhq_512") =>
        new()
        {
            Id = id,
            Role = "face-enhancer",
            Family = family,
            Licence = "MIT",
            Template = template,
            Input = new ModelInput
            {
                Width = size,
                Height = size,
                Mean = new(127.5f),
                Std = new(127.5f),
            },
            Output = new ModelOutput { Mean = new(127.5f), Std = new(127.5f) },
        };

    private static byte[] Build(int size, Func<OnnxBuilder, string, string> body)
    {
        OnnxBuilder graph = new();
        string input = graph.Input("input", OnnxType.Float, 1, 3, size, size);
        graph.Output("output", body(graph, input), OnnxType.Float, 1, 3, size, size);
        return graph.ToBytes("enhancer");
    }
}
