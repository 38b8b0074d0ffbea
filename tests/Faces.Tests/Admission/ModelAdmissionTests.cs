using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Tests.Onnx;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Admission;

public sealed class ModelAdmissionTests
{
    [Fact]
    public void Judge_OfTheBuiltInModels_FindsNothing()
    {
        var catalog = ModelCatalog.Load(TestModels.Folder);
        ModelCard[] there =
        [
            .. catalog.Cards.Where(c =>
                c.File is { } file
                && file.EndsWith(".onnx", StringComparison.Ordinal)
                && File.Exists(Path.Combine(TestModels.Folder, file))
            ),
        ];
        Assert.Equal(3, there.Length);
        foreach (ModelCard card in there)
        {
            AdmissionReport report = ModelAdmission.Judge(catalog.Read(card), card: card);

            Assert.Empty(report.Findings);
            Assert.Equal(card.Family, report.Family);
            Assert.Equal(17, report.Opset);
            Assert.Equal(card.ByteCount, report.Bytes);
            Assert.True(report.HasDynamicBatch);
            Assert.Equal(["input[0] N"], report.DynamicAxes);
            Assert.Equal(report.Nodes, report.Operators.Sum(o => o.Count));
            Assert.InRange(report.InitializerBytes, card.ByteCount!.Value * 9 / 10, card.ByteCount.Value);
        }
    }

    public static TheoryData<string, string> Files => [.. Hostile.Files.Select(f => (f.Name, f.Code))];

    /// <summary>Product row 56 (protobuf) and 55 (constants), and files that are odd in other ways: by name, and in no time.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Judge_OfAHostileFile_RefusesItByName(string name, string code)
    {
        byte[] file = Hostile.Files.Single(f => f.Name == name).File;
        AdmissionReport? report = null;

        Measured.RequireCheap(name, file.Length, 100, () => report = ModelAdmission.Judge(file));

        AdmissionFinding refusal = report!.Findings.First(f => f.IsRefusal);
        Assert.Equal(code, refusal.Code);
        Assert.EndsWith(".", refusal.Sentence, StringComparison.Ordinal);
        Assert.Equal(code, Assert.Throws<ModelException>(() => report.Require(name)).Code);
    }

    public static TheoryData<string, string, Action<OnnxModel>> Changes =>
        new()
        {
            // Product row 54.
            { "model-operator", "com.microsoft", m => m.Graph.Nodes[0].Domain = "com.microsoft" },
            { "model-operator", "ai.onnx.ml", m => m.Graph.Nodes[0].Domain = "ai.onnx.ml" },
            { "model-operator", "evil.example", m => m.Graph.Nodes[0].Domain = "evil.example" },
            { "model-operator", "Loop", m => m.Graph.Nodes[0].Operator = "Loop" },
            { "model-operator", "If", m => m.Graph.Nodes[0].Operator = "If" },
            { "model-operator", "Scan", m => m.Graph.Nodes[0].Operator = "Scan" },
            { "model-operator", "SequenceMap", m => m.Graph.Nodes[0].Operator = "SequenceMap" },
            { "model-operator", "MatMulNBits", m => m.Graph.Nodes[0].Operator = "MatMulNBits" },
            { "model-operator", "Attention", m => m.Graph.Nodes[0].Operator = "Attention" },
            { "model-operator", "ImageDecoder", m => m.Graph.Nodes[0].Operator = "ImageDecoder" },
            { "model-operator", "\uFFFD[31m", m => m.Graph.Nodes[0].Operator = "\u001b[31m" },
            { "model-operator", "", m => m.Graph.Nodes[0].Operator = "" },
            {
                "model-subgraph",
                "Relu",
                m =>
                    m.Graph.Nodes[0]
                        .Attributes.Add(
                            new OnnxAttribute
                            {
                                Name = "body",
                                Kind = OnnxAttributeKind.Graph,
                                Graph = new OnnxGraph(),
                            }
                        )
            },
            {
                "model-attribute",
                "body",
                m =>
                    m.Graph.Nodes[0]
                        .Attributes.Add(new OnnxAttribute { Name = "body", Kind = OnnxAttributeKind.Undefined })
            },
            {
                "model-attribute",
                "axis",
                m => m.Graph.Nodes[0].Attributes.AddRange([OnnxAttribute.Of("axis", 1), OnnxAttribute.Of("axis", 2)])
            },
            // The graph.
            { "model-graph", "before any node", m => m.Graph.Nodes.Reverse() },
            { "model-graph", "before any node", m => m.Graph.Nodes[0].Inputs[0] = m.Graph.Nodes[1].Outputs[0] },
            { "model-graph", "before any node", m => m.Graph.Nodes[0].Inputs[0] = "nowhere" },
            { "model-graph", "Two values", m => m.Graph.Nodes[1].Outputs[0] = m.Graph.Nodes[0].Outputs[0] },
            { "model-graph", "Two values", m => m.Graph.Inputs.Add(m.Graph.Inputs[0]) },
            { "model-graph", "Two values", m => m.Graph.Initializers.Add(m.Graph.Initializers[0]) },
            { "model-graph", "without a name", m => m.Graph.Inputs.Add(m.Graph.Inputs[0] with { Name = "" }) },
            { "model-graph", "without a name", m => m.Graph.Initializers[0].Name = "" },
            { "model-graph", "without a name", m => m.Graph.Outputs[0] = m.Graph.Outputs[0] with { Name = "" } },
            { "model-graph", "No node makes", m => m.Graph.Outputs[0] = m.Graph.Outputs[0] with { Name = "nowhere" } },
            { "model-graph", "no output", m => m.Graph.Outputs.Clear() },
            { "model-graph", "makes nothing", m => m.Graph.Nodes[0].Outputs.Clear() },
            // Values.
            { "model-value", "no tensor", m => m.Graph.Inputs[0] = m.Graph.Inputs[0] with { Type = OnnxType.Text } },
            { "model-value", "no tensor", m => m.Graph.Outputs[0] = m.Graph.Outputs[0] with { Type = (OnnxType)99 } },
            { "model-value", "takes nothing", m => m.Graph.Inputs[0] = m.Graph.Inputs[0] with { Shape = [1, 0] } },
            { "model-value", "negative", m => m.Graph.Inputs[0] = m.Graph.Inputs[0] with { Shape = [1, -7] } },
            { "model-value", "negative", m => m.Graph.Values.Add(new OnnxValue("v", OnnxType.Float, [long.MinValue])) },
            // Product row 58: 100 GB by shape, by a constant of a few bytes, and by many values at the same time.
            {
                "model-resources",
                "GiB",
                m => m.Graph.Inputs[0] = m.Graph.Inputs[0] with { Shape = [1, 3, 100_000, 100_000] }
            },
            {
                "model-resources",
                "any machine",
                m => m.Graph.Outputs[0] = m.Graph.Outputs[0] with { Shape = [long.MaxValue, long.MaxValue] }
            },
            {
                "model-resources",
                "GiB",
                m => m.Graph.Values.Add(new OnnxValue("v", OnnxType.Float, [1 << 20, 1 << 20]))
            },
            {
                "model-resources",
                "same time",
                m =>
                    m.Graph.Values.AddRange(
                        m.Graph.Nodes.Select(n => new OnnxValue(n.Outputs[0], OnnxType.Double, [1, 3L << 30]))
                    )
            },
            {
                "model-resources",
                "ConstantOfShape",
                m => Ask(m, "ConstantOfShape", OnnxTensor.Of("big", [2], [1L << 20, 1L << 20]))
            },
            {
                "model-resources",
                "Expand",
                m => Ask(m, "Expand", OnnxTensor.Of("big", [3], [1L << 30, 1L << 30, 1L << 30]), 1)
            },
            { "model-resources", "Tile", m => Ask(m, "Tile", OnnxTensor.Of("big", [2], [1L << 20, 1L << 20]), 1) },
            { "model-resources", "Resize", m => Ask(m, "Resize", OnnxTensor.Of("big", [2], [1L << 20, 1L << 20]), 3) },
            { "model-resources", "Resize", m => Ask(m, "Resize", OnnxTensor.Of("big", [2], [1e6f, 1e6f]), 2) },
            {
                "model-resources",
                "Pad",
                m => Ask(m, "Pad", OnnxTensor.Of("big", [4], [1L << 20, 1L << 20, 0L, 0L]), 1)
            },
            { "model-resources", "OneHot", m => Ask(m, "OneHot", OnnxTensor.Of("big", [], [1L << 40]), 1) },
            {
                "model-resources",
                "RandomNormal",
                m =>
                {
                    Ask(m, "RandomNormal", null);
                    m.Graph.Nodes[^1].Attributes.Add(OnnxAttribute.OfMany("shape", 1 << 20, 1 << 20));
                }
            },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Judge_OfAChangedModel_RefusesItByName(string code, string said, Action<OnnxModel> change)
    {
        OnnxModel model = Sound();
        Assert.Empty(ModelAdmission.Judge(OnnxWriter.Write(model)).Findings);

        change(model);
        AdmissionReport report = ModelAdmission.Judge(OnnxWriter.Write(model));

        Assert.Contains(
            report.Findings,
            f => f.IsRefusal && f.Code == code && f.Sentence.Contains(said, StringComparison.Ordinal)
        );
    }

    public static TheoryData<string, Action<OnnxModel>> Warnings =>
        new()
        {
            { "opset-old", m => m.Opsets[""] = 11 },
            { "domain-imported", m => m.Opsets["com.microsoft"] = 1 },
            { "axis-negative", m => m.Graph.Inputs[0] = m.Graph.Inputs[0] with { Shape = [-1, 4] } },
            { "model-random", m => m.Graph.Nodes[0].Operator = "RandomNormalLike" },
        };

    [Theory]
    [MemberData(nameof(Warnings))]
    public void Judge_OfAnOddModel_WarnsAndAdmits(string code, Action<OnnxModel> change)
    {
        OnnxModel model = Sound();
        change(model);

        AdmissionReport report = ModelAdmission.Judge(OnnxWriter.Write(model));

        Assert.Equal([code], report.Findings.Select(f => f.Code));
        Assert.True(report.IsAdmitted);
        report.Require("odd");
    }

    /// <summary>A report stays short whatever a file is made of.</summary>
    [Fact]
    public void Judge_OfManyFaults_KeepsSomeAndCountsTheRest()
    {
        OnnxModel model = Sound();
        for (int i = 0; i < 1000; i++)
        {
            model.Graph.Nodes.Add(new OnnxNode { Operator = new string('x', 4000), Outputs = { $"o{i}" } });
        }

        IReadOnlyList<AdmissionFinding> findings = ModelAdmission.Judge(OnnxWriter.Write(model)).Findings;

        Assert.Equal(3, findings.Count);
        Assert.EndsWith("There are 997 more like it.", findings[^1].Sentence, StringComparison.Ordinal);
        Assert.All(findings, f => Assert.InRange(f.Sentence.Length, 10, 300));
    }

    /// <summary>Two nodes in a row, and a constant.</summary>
    private static OnnxModel Sound()
    {
        OnnxBuilder net = new();
        string x = net.Input("input", OnnxType.Float, OnnxDimension.Open("N"), 4);
        string y = net.Node("Add", [net.Node("Relu", [x]), net.Constant([4], [1, 2, 3, 4])]);
        net.Output("output", net.Node("Neg", [y]), OnnxType.Float, OnnxDimension.Open("N"), 4);
        return net.ToModel("sound");
    }

    /// <summary>A node whose argument at this place is a constant.</summary>
    private static void Ask(OnnxModel model, string operation, OnnxTensor? argument, int place = 0)
    {
        OnnxNode node = new() { Operator = operation, Outputs = { "asked" } };
        node.Inputs.AddRange(Enumerable.Repeat("input", place));
        if (argument is not null)
        {
            model.Graph.Initializers.Add(argument);
            node.Inputs.Add(argument.Name);
        }

        model.Graph.Nodes.Add(node);
    }
}
