using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;

namespace FaceFusion.Batch.TestNetworks;

/// <summary>Age modifiers of both families.</summary>
public static class AgeingNetworks
{
    /// <summary>
    /// fran: <c>target</c> (1, 3, 1024, 1024) RGB of 0 to 1 and <c>direction</c>, the age before and after. Red grows with the age before,
    /// green with the one after.
    /// </summary>
    public static byte[] Fran()
    {
        OnnxBuilder graph = new();
        string target = graph.Input("target", OnnxType.Float, 1, 3, 1024, 1024);
        string direction = graph.Input("direction", OnnxType.Float, 2);
        string matrix = graph.Constant([2, 3], [0.5f, 0, 0, 0, 0.5f, 0]);
        string row = graph.Node("Reshape", [direction, graph.Integers(1, 2)]);
        string tint = graph.Node("Reshape", [graph.Node("MatMul", [row, matrix]), graph.Integers(1, 3, 1, 1)]);
        graph.Output("output", graph.Node("Add", [target, tint]), OnnxType.Float, 1, 3, 1024, 1024);
        return graph.ToBytes("fran");
    }

    public static ModelCard FranCard(string id) =>
        new()
        {
            Id = id,
            Role = "age",
            Family = "fran",
            Licence = "MIT",
            Template = "ffhq_512",
            Input = new ModelInput
            {
                Name = "target",
                Width = 1024,
                Height = 1024,
                Std = new(255),
            },
            Output = new ModelOutput(),
        };

    /// <summary>
    /// styleganex: <c>target</c> (1, 3, 256, 256) and <c>target_with_background</c> (1, 3, 384, 384), RGB of −1 to 1, and
    /// <c>direction</c>, one number. The wider picture enlarged twice; red moved by a tenth of the direction, green by half of the face's
    /// mean.
    /// </summary>
    public static byte[] Styleganex()
    {
        OnnxBuilder graph = new();
        string target = graph.Input("target", OnnxType.Float, 1, 3, 256, 256);
        string wide = graph.Input("target_with_background", OnnxType.Float, 1, 3, 384, 384);
        string direction = graph.Input("direction", OnnxType.Float, 1);
        string mean = graph.Node("ReduceMean", [target], OnnxAttribute.OfMany("axes", 1L, 2L, 3L));
        string red = graph.Node("Mul", [direction, graph.Constant([1, 3, 1, 1], [0.1f, 0, 0])]);
        string green = graph.Node("Mul", [mean, graph.Constant([1, 3, 1, 1], [0, 0.5f, 0])]);
        string larger = graph.Node(
            "Resize",
            [wide, "", graph.Constant([4], [1, 1, 2, 2])],
            OnnxAttribute.Of("mode", "linear")
        );
        string tinted = graph.Node("Add", [graph.Node("Add", [larger, red]), green]);
        graph.Output("output", tinted, OnnxType.Float, 1, 3, 768, 768);
        return graph.ToBytes("styleganex");
    }

    public static ModelCard StyleganexCard(string id) =>
        FranCard(id) with
        {
            Family = "styleganex",
            Input = new ModelInput
            {
                Name = "target",
                Width = 256,
                Height = 256,
                Mean = new(127.5f),
                Std = new(127.5f),
            },
            Output = new ModelOutput { Mean = new(127.5f), Std = new(127.5f) },
        };
}
