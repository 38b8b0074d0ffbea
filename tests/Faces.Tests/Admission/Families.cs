using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.Faces.Tests.Admission;

/// <summary>Networks with the names, types and shapes of a family's files; what they give is constant.</summary>
internal sealed record Family(string Name, (string Name, long[] Shape)[] Inputs, long[][] Outputs)
{
    /// <summary>As the digest of FaceFusion 3.8.1 and the built-in catalogue tell them; -1: open.</summary>
    public static IReadOnlyList<Family> All { get; } =
    [
        new(
            "blazeface-full-range",
            [("input", [-1, 3, 192, 192])],
            [
                [-1, 2304, 16],
                [-1, 2304, 1],
            ]
        )
        {
            Ends = ["boxes", "logits"],
        },
        new(
            "mediapipe-attention-mesh",
            [("input", [-1, 3, 192, 192])],
            [
                [-1, 478, 3],
                [-1, 1],
            ]
        )
        {
            Ends = ["landmarks", "score"],
        },
        new(
            "mobilefacenet",
            [("input", [-1, 3, 112, 112])],
            [
                [-1, 192],
            ]
        )
        {
            Ends = ["embedding"],
        },
        new("retinaface", [("input", [1, 3, 640, 640])], Strided(2, 1, 4, 10)),
        new("scrfd", [("input", [1, 3, 640, 640])], Strided(2, 1, 4, 10)),
        new(
            "yolo-face",
            [("input", [1, 3, 640, 640])],
            [
                [1, 20, 8400],
            ]
        ),
        new("yunet", [("input", [1, 3, 640, 640])], Strided(1, 1, 1, 4, 10)),
        new(
            "fan",
            [("input", [1, 3, 256, 256])],
            [
                [1, 68, 3],
                [1, 68, 64, 64],
            ]
        ),
        new(
            "2dfan4",
            [("input", [1, 3, 256, 256])],
            [
                [1, 68, 3],
                [1, 68, 64, 64],
            ]
        ),
        new(
            "peppa-wutz",
            [("input", [1, 3, 256, 256])],
            [
                [1, 204],
            ]
        ),
        new(
            "fan-68-5",
            [("input", [1, 5, 2])],
            [
                [1, 68, 2],
            ]
        ),
        new(
            "arcface",
            [("input", [1, 3, 112, 112])],
            [
                [1, 512],
            ]
        ),
        new(
            "fairface",
            [("input", [1, 3, 224, 224])],
            [
                [1],
                [1],
                [1],
            ]
        ),
        new(
            "blendswap",
            [("target", [1, 3, 256, 256]), ("source", [1, 3, 112, 112])],
            [
                [1, 3, 256, 256],
            ]
        ),
        new(
            "ghost",
            [("target", [1, 3, 256, 256]), ("source", [1, 512])],
            [
                [1, 3, 256, 256],
            ]
        ),
        new(
            "hififace",
            [("source", [1, 512]), ("target", [1, 3, 256, 256])],
            [
                [1, 3, 256, 256],
            ]
        ),
        new(
            "hyperswap",
            [("source", [1, 512]), ("target", [1, 3, 256, 256])],
            [
                [1, 3, 256, 256],
                [1, 1, 256, 256],
            ]
        ),
        new(
            "inswapper",
            [("target", [1, 3, 128, 128]), ("source", [1, 512])],
            [
                [1, 3, 128, 128],
            ]
        ),
        new(
            "simswap",
            [("source", [1, 512]), ("target", [1, 3, 256, 256])],
            [
                [1, 3, 256, 256],
            ]
        ),
        new(
            "uniface",
            [("target", [1, 3, 256, 256]), ("source", [1, 3, 256, 256])],
            [
                [1, 3, 256, 256],
            ]
        ),
        new(
            "crossface",
            [("input", [1, 512])],
            [
                [1, 512],
            ]
        ),
        new(
            "codeformer",
            [("input", [1, 3, 512, 512]), ("weight", [1])],
            [
                [1, 3, 512, 512],
            ]
        ),
        new(
            "gfpgan",
            [("input", [1, 3, 512, 512])],
            [
                [1, 3, 512, 512],
            ]
        ),
        new(
            "gpen",
            [("input", [1, 3, 512, 512])],
            [
                [1, 3, 512, 512],
            ]
        ),
        new(
            "restoreformer",
            [("input", [1, 3, 512, 512])],
            [
                [1, 3, 512, 512],
            ]
        ),
        new(
            "tiled-enhancer",
            [("input", [1, 3, -1, -1])],
            [
                [1, 3, -1, -1],
            ]
        ),
        new(
            "xseg",
            [("input", [-1, 256, 256, 3])],
            [
                [-1, 256, 256, 1],
            ]
        ),
        new(
            "bisenet",
            [("input", [1, 3, 512, 512])],
            [
                [1, 19, 512, 512],
                [1, 19, 512, 512],
            ]
        ),
        new(
            "live-portrait-feature-extractor",
            [("input", [1, 3, 256, 256])],
            [
                [1, 32, 16, 64, 64],
            ]
        ),
        new(
            "live-portrait-motion-extractor",
            [("input", [1, 3, 256, 256])],
            [
                [1, 1],
                [1, 1],
                [1, 1],
                [1, 1],
                [1, 3],
                [1, 21, 3],
                [1, 21, 3],
            ]
        ),
        new(
            "live-portrait-generator",
            [("feature_volume", [1, 32, 16, 64, 64]), ("source", [1, 21, 3]), ("target", [1, 21, 3])],
            [
                [1, 3, 512, 512],
            ]
        ),
        new(
            "fran",
            [("target", [1, 3, 1024, 1024]), ("direction", [2])],
            [
                [1, 3, 1024, 1024],
            ]
        ),
        new(
            "styleganex",
            [("target", [1, 3, 256, 256]), ("target_with_background", [1, 3, 384, 384]), ("direction", [1])],
            [
                [1, 3, 384, 384],
            ]
        ),
    ];

    /// <summary>Names of the outputs; where there are none, outputs go by their place.</summary>
    public string[] Ends { get; init; } = [];

    public ModelCard Card =>
        CardOf(Name) with
        {
            Tiles = Name == "tiled-enhancer" ? new ModelTiles(128, 8, 4, 4) : null,
        };

    public static ModelCard CardOf(string family) =>
        new()
        {
            Id = "made",
            Role = "made",
            Family = family,
            Licence = "made",
        };

    public byte[] ToBytes()
    {
        OnnxBuilder net = new();
        foreach ((string name, long[] shape) in Inputs)
        {
            OnnxType type = name == "weight" ? OnnxType.Double : OnnxType.Float;
            _ = net.Input(name, type, [.. shape.Select((n, i) => n < 0 ? OnnxDimension.Open($"{name}_{i}") : n)]);
        }

        for (int i = 0; i < Outputs.Length; i++)
        {
            // Of one element, and grown when it runs: the file stays small.
            long[] closed = [.. Outputs[i].Select(n => Math.Max(1, n))];
            string value = net.Node("Expand", [net.Scalar(0.5f), net.Integers(closed)]);
            OnnxDimension[] told = [.. Outputs[i].Select((n, axis) => n < 0 ? OnnxDimension.Open($"axis_{axis}") : n)];
            net.Output(i < Ends.Length ? Ends[i] : $"output_{i}", value, OnnxType.Float, told);
        }

        return net.ToBytes(Name);
    }

    public override string ToString() => Name;

    /// <summary>Outputs of three strides, each of these lengths in turn.</summary>
    private static long[][] Strided(int anchors, params long[] lengths) =>
        [.. lengths.SelectMany(n => new[] { 80, 40, 20 }.Select(side => (long[])[anchors * side * side, n]))];
}
