using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>Frame enhancers: <c>input</c> (batch, 3, size, size) RGB of 0 to 1, an output scale times as large.</summary>
public static class UpscalingNetworks
{
    /// <summary>Each pixel becomes a square of scale × scale pixels of the same colour.</summary>
    /// <param name="batch">Null: open.</param>
    public static byte[] Nearest(int size, int scale, long? batch = null) =>
        Build(size, scale, batch, (graph, input) => Resize(graph, input, scale, "nearest"));

    /// <summary>As <see cref="Nearest"/>, by convolution and depth-to-space, as trained networks do it.</summary>
    public static byte[] PixelShuffle(int size, int scale, long? batch = null) =>
        Build(
            size,
            scale,
            batch,
            (graph, input) =>
            {
                int channels = 3 * scale * scale;
                float[] weights = new float[channels * 3];
                for (int i = 0; i < channels; i++)
                {
                    weights[(i * 3) + (i / (scale * scale))] = 1;
                }

                string spread = graph.Node("Conv", [input, graph.Constant([channels, 3, 1, 1], weights)]);
                return graph.Node(
                    "DepthToSpace",
                    [spread],
                    OnnxAttribute.Of("blocksize", scale),
                    OnnxAttribute.Of("mode", "CRD")
                );
            }
        );

    /// <summary>
    /// <c>0.75 · nearest + slope · place</c>, where the place grows from 0 to 1 along each row and column of the tile: shows which part of
    /// which tile was used.
    /// </summary>
    public static byte[] Ramp(int size, int scale, float slope) =>
        Build(
            size,
            scale,
            null,
            (graph, input) =>
            {
                int larger = size * scale;
                float[] place = new float[larger * larger];
                for (int i = 0; i < place.Length; i++)
                {
                    place[i] = slope * ((i % larger) + (i / larger)) / (2 * (larger - 1));
                }

                string dimmed = graph.Node("Mul", [Resize(graph, input, scale, "nearest"), graph.Scalar(0.75f)]);
                return graph.Node("Add", [dimmed, graph.Constant([1, 1, larger, larger], place)]);
            }
        );

    /// <summary>Enlarged smoothly, then sharpened: something to look at.</summary>
    public static byte[] Sharp(int size, int scale) =>
        Build(
            size,
            scale,
            null,
            (graph, input) => PictureOps.Sharpen(graph, Resize(graph, input, scale, "cubic"), 0.6f)
        );

    /// <summary>The catalogue row of such a network.</summary>
    public static ModelCard Card(string id, ModelTiles tiles) =>
        new()
        {
            Id = id,
            Role = "frame-enhancer",
            Family = "tiled-enhancer",
            Licence = "MIT",
            Tiles = tiles,
            Input = new ModelInput
            {
                Width = tiles.Size,
                Height = tiles.Size,
                Std = new(255),
            },
            Output = new ModelOutput(),
        };

    private static byte[] Build(int size, int scale, long? batch, Func<OnnxBuilder, string, string> body)
    {
        OnnxBuilder graph = new();
        OnnxDimension count = batch ?? OnnxDimension.Open("batch");
        string input = graph.Input("input", OnnxType.Float, count, 3, size, size);
        graph.Output("output", body(graph, input), OnnxType.Float, count, 3, (long)size * scale, (long)size * scale);
        return graph.ToBytes("tiles");
    }

    private static string Resize(OnnxBuilder graph, string input, int scale, string mode) =>
        graph.Node(
            "Resize",
            [input, "", graph.Constant([4], [1, 1, scale, scale])],
            OnnxAttribute.Of("mode", mode),
            OnnxAttribute.Of("coordinate_transformation_mode", mode == "nearest" ? "asymmetric" : "half_pixel"),
            OnnxAttribute.Of("nearest_mode", "floor")
        );
}
