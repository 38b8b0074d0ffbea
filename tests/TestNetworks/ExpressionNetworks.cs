using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>LivePortrait's three networks, with its names and shapes but for the channels of the feature volume.</summary>
public static class ExpressionNetworks
{
    /// <summary>Degrees about x, y and z that the motion extractor tells of every face.</summary>
    public static (float Pitch, float Yaw, float Roll) Pose => (20, -30, 40);

    public static float Scale => 1.1f;

    public static IReadOnlyList<float> Translation => [0.1f, -0.2f, 0.3f];

    /// <summary>x, y, z of the calm face's 21 points.</summary>
    public static IReadOnlyList<float> Calm { get; } = Pattern(1, 0.4f);

    /// <summary>x, y, z of the expression of a white picture; that of another is as much of it as its mean is of white.</summary>
    public static IReadOnlyList<float> Bright { get; } = Pattern(2, 1);

    /// <summary>How much each number of the points counts in what <see cref="Tinting"/> shows.</summary>
    public static IReadOnlyList<float> Weights { get; } = Pattern(3, 0.05f);

    /// <summary>The volume is the picture itself.</summary>
    public static byte[] Features()
    {
        OnnxBuilder graph = new();
        string input = graph.Input("input", OnnxType.Float, 1, 3, 256, 256);
        string volume = graph.Node("Reshape", [input, graph.Integers(1, 3, 1, 256, 256)]);
        graph.Output("feature_volume", volume, OnnxType.Float, 1, 3, 1, 256, 256);
        return graph.ToBytes("features");
    }

    public static byte[] Motion()
    {
        OnnxBuilder graph = new();
        string input = graph.Input("input", OnnxType.Float, 1, 3, 256, 256);
        string mean = graph.Node(
            "ReduceMean",
            [input],
            OnnxAttribute.OfMany("axes", 1L, 2L, 3L),
            OnnxAttribute.Of("keepdims", 0)
        );
        Constant(graph, "pitch", [1, 1], [Pose.Pitch]);
        Constant(graph, "yaw", [1, 1], [Pose.Yaw]);
        Constant(graph, "roll", [1, 1], [Pose.Roll]);
        Constant(graph, "scale", [1, 1], [Scale]);
        Constant(graph, "translation", [1, 3], [.. Translation]);
        string expression = graph.Node("Mul", [graph.Constant([1, 21, 3], [.. Bright]), mean]);
        graph.Output("expression", expression, OnnxType.Float, 1, 21, 3);
        Constant(graph, "motion_points", [1, 21, 3], [.. Calm]);
        return graph.ToBytes("motion");
    }

    /// <summary>The picture, red moved by the weighted sum of the source points, green by that of the target points.</summary>
    public static byte[] Tinting() =>
        Generator(
            (graph, picture, source, target) =>
            {
                string weights = graph.Constant([63, 1], [.. Weights]);
                string red = graph.Node("MatMul", [Flat(graph, source), weights]);
                string green = graph.Node("MatMul", [Flat(graph, target), weights]);
                string blue = graph.Constant([1, 1], [0]);
                string tint = graph.Node("Concat", [red, green, blue], OnnxAttribute.Of("axis", 1));
                return graph.Node("Add", [picture, graph.Node("Reshape", [tint, graph.Integers(1, 3, 1, 1)])]);
            }
        );

    /// <summary>The picture moved as a whole, in x and y by the mean way from target to source points; 1 is half the picture.</summary>
    public static byte[] Flow() =>
        Generator(
            (graph, picture, source, target) =>
            {
                float[] line = [.. Enumerable.Range(0, 512).Select(i => (((2 * i) + 1) / 512f) - 1)];
                string shape = graph.Integers(1, 512, 512, 1);
                string x = graph.Node("Expand", [graph.Constant([1, 1, 512, 1], line), shape]);
                string y = graph.Node("Expand", [graph.Constant([1, 512, 1, 1], line), shape]);
                string places = graph.Node("Concat", [x, y], OnnxAttribute.Of("axis", 3));
                string way = graph.Node(
                    "ReduceMean",
                    [graph.Node("Sub", [source, target])],
                    OnnxAttribute.OfMany("axes", 1L)
                );
                string flat = graph.Node("Slice", [way, graph.Integers(0), graph.Integers(2), graph.Integers(2)]);
                string moved = graph.Node("Reshape", [flat, graph.Integers(1, 1, 1, 2)]);
                return graph.Node(
                    "GridSample",
                    [picture, graph.Node("Sub", [places, moved])],
                    OnnxAttribute.Of("padding_mode", "border")
                );
            }
        );

    /// <summary>Cards of the three, each of which needs the others.</summary>
    public static IReadOnlyList<ModelCard> Cards()
    {
        string[] ids = ["features", "motion", "generator"];
        return
        [
            .. ids.Select(id => new ModelCard
            {
                Id = id,
                Role = "expression",
                Family = "live-portrait",
                Licence = "MIT",
                Template = "arcface_128",
                Needs = [.. ids.Where(other => other != id)],
                Input =
                    id == "generator"
                        ? null
                        : new ModelInput
                        {
                            Width = 256,
                            Height = 256,
                            Std = new(255),
                        },
                Output = id == "generator" ? new ModelOutput() : null,
            }),
        ];
    }

    private static byte[] Generator(Func<OnnxBuilder, string, string, string, string> body)
    {
        OnnxBuilder graph = new();
        string volume = graph.Input("feature_volume", OnnxType.Float, 1, 3, 1, 256, 256);
        string source = graph.Input("source", OnnxType.Float, 1, 21, 3);
        string target = graph.Input("target", OnnxType.Float, 1, 21, 3);
        string picture = graph.Node(
            "Resize",
            [graph.Node("Reshape", [volume, graph.Integers(1, 3, 256, 256)]), "", graph.Constant([4], [1, 1, 2, 2])],
            OnnxAttribute.Of("mode", "linear")
        );
        graph.Output("output", body(graph, picture, source, target), OnnxType.Float, 1, 3, 512, 512);
        return graph.ToBytes("generator");
    }

    private static void Constant(OnnxBuilder graph, string name, IReadOnlyList<long> shape, float[] values) =>
        graph.Output(name, graph.Constant(shape, values), OnnxType.Float, [.. shape.Select(n => (OnnxDimension)n)]);

    private static string Flat(OnnxBuilder graph, string points) =>
        graph.Node("Reshape", [points, graph.Integers(1, 63)]);

    /// <summary>63 numbers around 0 without any symmetry.</summary>
    private static float[] Pattern(int seed, float reach) =>
        [.. Enumerable.Range(0, 63).Select(i => reach * MathF.Sin((i * 1.7f) + (seed * 2.3f)))];
}
