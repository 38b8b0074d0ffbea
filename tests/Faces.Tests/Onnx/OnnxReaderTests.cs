using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Onnx;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Onnx;

public sealed class OnnxReaderTests
{
    public static TheoryData<string> Bombs => [.. Hostile.Bombs.Keys];

    /// <summary>Whatever a file claims, what it costs grows with its bytes. The whole judgement is measured, not the reader alone.</summary>
    [Theory]
    [MemberData(nameof(Bombs))]
    public void Judge_OfABomb_CostsLittle(string name)
    {
        byte[] file = Hostile.Bombs[name]();
        AdmissionReport? report = null;

        Measured.RequireCheap(name, file.Length, 500, () => report = ModelAdmission.Judge(file));

        // Words of a model about itself are no reason.
        Assert.Equal(name == "metadata", report!.IsAdmitted);
    }

    public static TheoryData<OnnxLimits, string> Limits =>
        new()
        {
            {
                new OnnxLimits { FileBytes = 10 },
                "more than 10"
            },
            {
                new OnnxLimits { Nodes = 0 },
                "more than 0 nodes"
            },
            {
                new OnnxLimits { Tensors = 0 },
                "more than 0 tensors"
            },
            {
                new OnnxLimits { Attributes = 0 },
                "more than 0 attributes"
            },
            {
                new OnnxLimits { Names = 3 },
                "more than 3 names"
            },
            {
                new OnnxLimits { Domains = 0 },
                "more than 0 sets"
            },
            {
                new OnnxLimits { NameBytes = 2 },
                "more than 2"
            },
            {
                new OnnxLimits { Rank = 1 },
                "more than 1 dimensions"
            },
            {
                new OnnxLimits { Elements = 1 },
                "more than 1 elements"
            },
        };

    [Theory]
    [MemberData(nameof(Limits))]
    public void Read_OverALimit_NamesIt(OnnxLimits limits, string said)
    {
        OnnxBuilder net = new();
        string pads = net.Integers(0, 0);
        string x = net.Input("input", OnnxType.Float, 1, 2);
        net.Output("output", net.Node("Transpose", [x], OnnxAttribute.OfMany("perm", 1, 0)), OnnxType.Float, 2, 1);
        byte[] file = net.ToBytes("small");

        ModelException e = Assert.Throws<ModelException>(() => OnnxReader.Read(file, limits));

        Assert.NotEmpty(pads);
        Assert.Equal("model-format", e.Code);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        _ = OnnxReader.Read(file);
    }

    /// <summary>Graphs in graphs end by the limit, long before the stack does.</summary>
    [Fact]
    public void Read_OfGraphsWithinGraphs_EndsByTheLimit()
    {
        byte[] file = Hostile.Bombs["nested"]();

        ModelException e = Assert.Throws<ModelException>(() => OnnxReader.Read(file));

        Assert.Contains("more than 8 deep", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Protobuf keeps the first of two where it does not know the second one; to it the data lie elsewhere still.</summary>
    [Fact]
    public void Read_OfTwoPlaces_TakesTheOneThatIsElsewhere()
    {
        byte[] file = Hostile.WithInitializer([0x10, 1, 0x70, 1, 0x70, 99]);

        Assert.NotNull(OnnxReader.Read(file).Graph.Initializers[0].External);
    }
}
