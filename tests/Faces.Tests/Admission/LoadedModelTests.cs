using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Tests.Onnx;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Admission;

/// <summary>What happens to files on their way into the runtime, and to what they give there.</summary>
public sealed class LoadedModelTests : IDisposable
{
    private readonly NetworkFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Product row 52: a hash that differs, and a file that is swapped after it was checked.</summary>
    [Fact]
    public void Open_OfAFileSwappedAfterTheCheck_IsRefused()
    {
        ModelCard card = _folder.Add(Family.CardOf("gpen"), Swapped(1));
        ModelCatalog catalog = _folder.ToCatalog();
        Assert.True(ModelAdmission.Judge(catalog.Read(card)).IsAdmitted);
        File.WriteAllBytes(Path.Combine(_folder.Path, card.File!), Swapped(2));
        using ModelSessions sessions = new(catalog);

        Assert.Equal("model-hash", Assert.Throws<ModelException>(() => sessions.Open(card)).Code);
    }

    public static TheoryData<string, string> Files => [.. Hostile.Files.Select(f => (f.Name, f.Code))];

    /// <summary>A hash proves where a file is from, not that it is harmless: the runtime sees none of these.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Open_OfAHostileFile_IsRefusedBeforeTheRuntime(string name, string code)
    {
        ModelCard card = _folder.Add(Family.CardOf("novelty"), Hostile.Files.Single(f => f.Name == name).File);
        using ModelSessions sessions = new(_folder.ToCatalog());

        ModelException e = Assert.Throws<ModelException>(() => sessions.Open(card));

        Assert.Equal(code, e.Code);
        Assert.Contains("is refused", e.Message, StringComparison.Ordinal);
        Assert.False(e.IsTransient);
    }

    [Fact]
    public void Open_OfAnotherFamily_IsRefused()
    {
        ModelCard card = _folder.Add(Family.CardOf("arcface"), Family.All.Single(f => f.Name == "yunet").ToBytes());
        using ModelSessions sessions = new(_folder.ToCatalog());

        Assert.Equal("model-shape", Assert.Throws<ModelException>(() => sessions.Open(card)).Code);
    }

    /// <summary>Product row 57: values that no picture can be made of.</summary>
    [Theory]
    [InlineData(OnnxType.Float)]
    [InlineData(OnnxType.Half)]
    [InlineData(OnnxType.Double)]
    public void RequireFinite_OfAnOutputThatIsNot_NamesIt(OnnxType type)
    {
        // ln 0 is -∞, and ln -1 is no number.
        OnnxBuilder net = new();
        string x = net.Input("input", type, 1, 100);
        net.Output("first", x, type, 1, 100);
        net.Output("second", net.Node("Log", [x]), type, 1, 100);
        ModelCard card = _folder.Add(Family.CardOf("novelty"), net.ToBytes("logarithm"));
        using ModelSessions sessions = new(_folder.ToCatalog());
        using BoundSession bound = new(sessions.Open(card), "logarithm");
        Action<int, float> set =
            type == OnnxType.Double ? (i, v) => bound.DoublesOf("input")[i] = v : (i, v) => bound.Input[i] = v;
        for (int i = 0; i < 100; i++)
        {
            set(i, 1 + i);
        }

        bound.Run();
        bound.RequireFinite();

        foreach (float wrong in (float[])[0, -1])
        {
            set(77, wrong);
            bound.Run();
            ModelException e = Assert.Throws<ModelException>(bound.RequireFinite);
            Assert.Equal("model-contract", e.Code);
            Assert.Contains("output second of the logarithm model", e.Message, StringComparison.Ordinal);
        }

        set(77, 1);
        bound.Run();
        bound.RequireFinite();
    }

    /// <summary>Product row 57: a shape that the file did not tell.</summary>
    [Fact]
    public void Run_OfAnOutputOfAnotherShape_IsNoOtherTry()
    {
        OnnxBuilder net = new();
        string x = net.Input("input", OnnxType.Float, 1, 4);
        // As many values as the first of them says.
        string count = net.Node(
            "Cast",
            [net.Node("Slice", [net.Node("Reshape", [x, net.Integers(-1)]), net.Integers(0), net.Integers(1)])],
            OnnxAttribute.Of("to", (long)OnnxType.Int64)
        );
        net.Output("output", net.Node("ConstantOfShape", [count]), OnnxType.Float, OnnxDimension.Open("n"));
        ModelCard card = _folder.Add(Family.CardOf("novelty"), net.ToBytes("counted"));
        using ModelSessions sessions = new(_folder.ToCatalog());
        using BoundSession bound = new(sessions.Open(card), "counted");

        bound.Input[0] = 1;
        bound.Run();
        bound.Input[0] = 7;

        ModelException e = Assert.Throws<ModelException>(bound.Run);
        Assert.Equal("model-contract", e.Code);
        Assert.False(e.IsTransient);
    }

    [Theory]
    [InlineData("yunet")]
    [InlineData("inswapper")]
    [InlineData("codeformer")]
    [InlineData("mediapipe-attention-mesh")]
    public void Trial_OfAFaithfulNetwork_TellsWhatItGives(string name)
    {
        Family family = Family.All.Single(f => f.Name == name);

        TrialReport report = ModelTrial.Run(family.ToBytes(), family.Card);

        Assert.Equal(family.Outputs.Select(o => o.Select(n => Math.Max(1, n))), report.Outputs.Select(o => o.Shape));
        Assert.All(report.Outputs, o => Assert.Equal(0, o.NonFinite));
    }

    [Theory]
    [InlineData(OnnxType.Float)]
    [InlineData(OnnxType.Half)]
    [InlineData(OnnxType.Double)]
    public void Trial_OfOutputsThatAreNotFinite_CountsThem(OnnxType type)
    {
        OnnxBuilder net = new();
        string x = net.Input(
            "input",
            type,
            OnnxDimension.Open("N"),
            3,
            OnnxDimension.Open("H"),
            OnnxDimension.Open("W")
        );
        net.Output(
            "output",
            net.Node("Log", [x]),
            type,
            OnnxDimension.Open("N"),
            3,
            OnnxDimension.Open("H"),
            OnnxDimension.Open("W")
        );

        TrialOutput output = ModelTrial.Run(net.ToBytes("logarithm")).Outputs.Single();

        Assert.Equal([1, 3, 64, 64], output.Shape);
        Assert.Equal(3 * 64 * 64, output.NonFinite);
    }

    /// <summary>The file tells one shape, and makes another one.</summary>
    [Fact]
    public void Trial_OfAShapeThatIsNotTheFamilys_IsRefused()
    {
        OnnxBuilder net = new();
        string x = net.Input("input", OnnxType.Float, 1, 3, 112, 112);
        string flat = net.Node("Reshape", [net.Node("ReduceMean", [x]), net.Integers(1, 1)]);
        net.Output("output", flat, OnnxType.Float, OnnxDimension.Open("a"), OnnxDimension.Open("b"));
        ModelCard card = Family.CardOf("arcface");
        byte[] file = net.ToBytes("short");
        Assert.True(ModelAdmission.Judge(file, card: card).IsAdmitted);

        ModelException e = Assert.Throws<ModelException>(() => ModelTrial.Run(file, card));

        Assert.Equal("model-contract", e.Code);
        Assert.Contains("1 × 1, and N × 512", e.Message, StringComparison.Ordinal);
    }

    private static byte[] Swapped(float value)
    {
        OnnxBuilder net = new();
        string x = net.Input("input", OnnxType.Float, 1);
        net.Output("output", net.Node("Add", [x, net.Scalar(value)]), OnnxType.Float, 1);
        return net.ToBytes("swapped");
    }
}
