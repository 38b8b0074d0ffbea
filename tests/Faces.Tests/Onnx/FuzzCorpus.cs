using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Tests.Admission;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Faces.Tests.Onnx;

/// <summary>Where fuzzing starts: the saved files, and small networks made when it starts.</summary>
internal static class FuzzCorpus
{
    public static string Folder { get; } =
        Path.Combine(Footage.SolutionFolder(), "tests", "Faces.Tests", "Onnx", "Corpus");

    public static IReadOnlyList<byte[]> Load() =>
        [
            .. Directory.GetFiles(Folder, "*.onnx").Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
            .. Family.All.Select(f => f.ToBytes()),
            // More often than the others: they have attributes, and constants of every kind.
            .. Enumerable.Repeat(Convolutions(), 10),
            .. Enumerable.Repeat(Constants(), 10),
        ];

    /// <summary>A little of what networks of pictures are made of.</summary>
    private static byte[] Convolutions()
    {
        OnnxBuilder net = new();
        string x = net.Input("input", OnnxType.Float, OnnxDimension.Open("N"), 3, 16, 16);
        string weight = net.Constant([4, 3, 3, 3], new float[108]);
        string made = net.Node(
            "Conv",
            [x, weight],
            OnnxAttribute.OfMany("pads", 1, 1, 1, 1),
            OnnxAttribute.OfMany("strides", 2, 2),
            OnnxAttribute.Of("auto_pad", "NOTSET")
        );
        made = net.Node("LeakyRelu", [made], OnnxAttribute.Of("alpha", 0.1f));
        made = net.Node("Pad", [made, net.Integers(0, 0, 1, 1, 0, 0, 1, 1)], OnnxAttribute.Of("mode", "reflect"));
        made = net.Node("Resize", [made, "", "", net.Integers(1, 4, 16, 16)]);
        IReadOnlyList<string> parts = net.Nodes("Split", [made], 2, OnnxAttribute.Of("axis", 1));
        net.Output("output", parts[0], OnnxType.Float, OnnxDimension.Open("N"), 2, 16, 16);
        OnnxModel model = net.ToModel("convolutions");
        model.Graph.Values.Add(new OnnxValue(parts[1], OnnxType.Float, [1, 2, 16, 16]));
        model.Metadata["author"] = "nobody";
        model.Opsets["com.microsoft"] = 1;
        return OnnxWriter.Write(model);
    }

    /// <summary>Constants of every kind, and what sizes are taken from.</summary>
    private static byte[] Constants()
    {
        OnnxBuilder net = new();
        string x = net.Input("input", OnnxType.Float, 2);
        string filled = net.Node(
            "ConstantOfShape",
            [net.Integers(2)],
            OnnxAttribute.Of("value", OnnxTensor.Of("", [1], [1f]))
        );
        string constant = net.Node("Constant", [], OnnxAttribute.Of("value", OnnxTensor.Of("", [2], [3L, 4L])));
        string tiled = net.Node(
            "Tile",
            [net.Node("Add", [x, filled]), net.Node("Slice", [constant, net.Integers(0), net.Integers(1)])]
        );
        string range = net.Node(
            "Range",
            [
                net.Add(OnnxTensor.Of("a", [], [0L])),
                net.Add(OnnxTensor.Of("b", [], [6L])),
                net.Add(OnnxTensor.Of("c", [], [1L])),
            ]
        );
        _ = net.Add(OnnxTensor.Of("halves", [2], [(Half)1, (Half)2]));
        _ = net.Add(OnnxTensor.Of("doubles", [2], [1.0, 2.0]));
        _ = net.Add(OnnxTensor.Of("bytes", [2], (byte[])[1, 2]));
        _ = net.Add(
            new OnnxTensor
            {
                Name = "beside",
                Type = OnnxType.Float,
                Shape = [4],
                External = new Dictionary<string, string>
                {
                    ["location"] = "weights.bin",
                    ["offset"] = "0",
                    ["length"] = "16",
                },
            }
        );
        net.Output("output", tiled, OnnxType.Float, 6);
        net.Output("range", range, OnnxType.Int64, 6);
        return net.ToBytes("constants");
    }
}
