using FaceFusion.Batch.Faces.Admission;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Admission;

public sealed class ContractTests
{
    public static TheoryData<string> Names => [.. Family.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Judge_OfAFaithfulNetwork_AdmitsIt(string name)
    {
        Family family = Of(name);

        AdmissionReport report = ModelAdmission.Judge(family.ToBytes(), card: family.Card);

        Assert.DoesNotContain(report.Findings, f => f.Code != "batch-fixed");
        Assert.NotNull(report.Family);
        Assert.Equal(family.Inputs.Select(i => i.Name), report.Inputs.Select(i => i.Name));
    }

    /// <summary>Each input under another name, with another length, of another type, and left out.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Judge_OfAnotherInput_RefusesIt(string name)
    {
        Family family = Of(name);
        for (int i = 0; i < family.Inputs.Length; i++)
        {
            int place = i;
            RequireRefused(
                family,
                $"input {family.Inputs[i].Name}",
                m => m.Graph.Inputs[place] = m.Graph.Inputs[place] with { Name = "in_face:0" }
            );
            RequireRefused(
                family,
                "type",
                m => m.Graph.Inputs[place] = m.Graph.Inputs[place] with { Type = OnnxType.Uint8 }
            );
            RequireRefused(family, $"input {family.Inputs[i].Name}", m => m.Graph.Inputs.RemoveAt(place));
            if (family.Inputs[i].Shape is [_, _, ..] and not [_, 32, ..])
            {
                RequireRefused(family, "is due", m => m.Graph.Inputs[place] = Turned(m.Graph.Inputs[place]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Judge_OfNoOutputs_RefusesIt(string name) =>
        RequireRefused(Of(name), "output", m => m.Graph.Outputs.Clear());

    [Theory]
    [InlineData("retinaface")]
    [InlineData("yunet")]
    [InlineData("fan")]
    [InlineData("fairface")]
    public void Judge_OfMoreOutputs_RefusesThemWhereTheyGoByPlace(string name) =>
        RequireRefused(
            Of(name),
            "outputs",
            m => m.Graph.Outputs.Add(m.Graph.Outputs[0] with { Name = m.Graph.Nodes[0].Outputs[0] })
        );

    [Theory]
    [InlineData("yunet", 2)]
    [InlineData("retinaface", 8)]
    [InlineData("arcface", 0)]
    [InlineData("inswapper", 0)]
    [InlineData("fan", 1)]
    public void Judge_OfAnOutputOfAnotherShape_RefusesIt(string name, int place) =>
        RequireRefused(
            Of(name),
            "is due",
            m =>
                m.Graph.Outputs[place] = m.Graph.Outputs[place] with
                {
                    Shape = [.. m.Graph.Outputs[place].Shape!.Take(1), 7, 7, 7],
                }
        );

    /// <summary>Only numbers differ inside a family: the card's count.</summary>
    [Fact]
    public void Judge_OfAnotherSize_GoesByTheCard()
    {
        Family small = new(
            "gpen",
            [("input", [1, 3, 256, 256])],
            [
                [1, 3, 256, 256],
            ]
        );
        ModelCard card = small.Card with
        {
            Input = new ModelInput { Width = 256, Height = 256 },
        };

        Assert.True(ModelAdmission.Judge(small.ToBytes(), card: card).IsAdmitted);
        Assert.False(ModelAdmission.Judge(small.ToBytes(), card: small.Card).IsAdmitted);
    }

    /// <summary>Two of the detectors take frames of 160 to 640 pixels, as the user chooses.</summary>
    [Theory]
    [InlineData("scrfd", true)]
    [InlineData("retinaface", true)]
    [InlineData("yunet", false)]
    [InlineData("yolo-face", false)]
    public void Judge_OfASmallerDetector_GoesByItsFamily(string name, bool isAdmitted)
    {
        Family small = Of(name) with { Inputs = [("input", [1, 3, 320, 320])] };

        Assert.Equal(isAdmitted, ModelAdmission.Judge(small.ToBytes(), card: small.Card).IsAdmitted);
    }

    /// <summary>The parts of a set share a family; each part's own name tells which it is.</summary>
    [Fact]
    public void Judge_OfAPart_GoesByTheCardsId()
    {
        Family part = Of("live-portrait-generator");
        ModelCard card = Family.CardOf("live-portrait") with { Id = "live_portrait_generator" };

        AdmissionReport report = ModelAdmission.Judge(part.ToBytes(), card: card);

        Assert.True(report.IsAdmitted);
        Assert.Equal("live-portrait-generator", report.Family);
        Assert.False(
            ModelAdmission.Judge(part.ToBytes(), card: card with { Id = "live_portrait_motion_extractor" }).IsAdmitted
        );
    }

    [Fact]
    public void Judge_OfAFamilyThatIsNotKnown_SaysSo()
    {
        AdmissionReport report = ModelAdmission.Judge(Of("arcface").ToBytes(), card: Family.CardOf("novelty"));

        Assert.True(report.IsAdmitted);
        Assert.Contains(
            report.Findings,
            f => f.Code == "family-unknown" && f.Sentence.Contains("novelty", StringComparison.Ordinal)
        );
    }

    /// <summary>codeformer's weight is of double precision: single precision would be fed as garbage.</summary>
    [Fact]
    public void Judge_OfAWeightOfSinglePrecision_RefusesIt() =>
        RequireRefused(
            Of("codeformer"),
            "Double",
            m => m.Graph.Inputs[1] = m.Graph.Inputs[1] with { Type = OnnxType.Float }
        );

    private static Family Of(string name) => Family.All.Single(f => f.Name == name);

    private static void RequireRefused(Family family, string said, Action<OnnxModel> change)
    {
        OnnxModel model = OnnxReader.Read(family.ToBytes());
        change(model);

        AdmissionReport report = ModelAdmission.Judge(OnnxWriter.Write(model), card: family.Card);

        Assert.Contains(
            report.Findings,
            f => f.IsRefusal && f.Code == "model-shape" && f.Sentence.Contains(said, StringComparison.Ordinal)
        );
    }

    /// <summary>NCHW as NHWC and the other way round, lists longer by one.</summary>
    private static OnnxValue Turned(OnnxValue value) =>
        value with
        {
            Shape =
                value.Shape!.Count == 4
                    ? [value.Shape[0], .. value.Shape.Skip(2), value.Shape[1].Length == 3 ? 3 : 5]
                    : [.. value.Shape.SkipLast(1), 513],
        };
}
