using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Contracts.Tests;

public sealed class FaceRulesTests
{
    public static TheoryData<FaceFinding, string> BadFindings =>
        new()
        {
            {
                new() { Detector = "" },
                "detector"
            },
            {
                new() { DetectorSize = 600 },
                "detectorSize"
            },
            {
                new() { Detector = "many", DetectorSize = 320 },
                "detectorSize"
            },
            {
                new() { Margins = new() { Left = 101 } },
                "margins"
            },
            {
                new() { Angles = [] },
                "angles"
            },
            {
                new() { Angles = [0, 45] },
                "angles"
            },
            {
                new() { Angles = [90, 90] },
                "angles"
            },
            {
                new() { MinScore = 0 },
                "minScore"
            },
            {
                new() { Landmarker = "" },
                "landmarker"
            },
            {
                new() { LandmarkerScore = 1.1 },
                "landmarkerScore"
            },
        };

    public static TheoryData<FaceSelector, string> BadSelectors =>
        new()
        {
            {
                new() { Mode = (FaceSelectorMode)9 },
                "mode"
            },
            {
                new() { Order = (FaceOrder)9 },
                "order"
            },
            {
                new() { Gender = (GenderFilter)9 },
                "gender"
            },
            {
                new() { Race = (RaceFilter)9 },
                "race"
            },
            {
                new() { AgeStart = -1 },
                "ageStart"
            },
            {
                new() { AgeStart = 30, AgeEnd = 30 },
                "ageEnd"
            },
            {
                new() { AgeEnd = 101 },
                "ageEnd"
            },
            {
                new() { ReferenceFrame = -1 },
                "referenceFrame"
            },
            {
                new() { ReferencePosition = -1 },
                "referencePosition"
            },
            {
                new() { ReferenceDistance = 1.01 },
                "referenceDistance"
            },
        };

    [Fact]
    public void Check_Defaults_AreFaceFusions()
    {
        FaceFinding finding = new();
        FaceSelector selector = new();

        FaceRules.Check(finding);
        FaceRules.Check(selector);

        Assert.Equal(("yolo_face", 640, "2dfan4"), (finding.Detector, finding.DetectorSize, finding.Landmarker));
        Assert.Equal((0.5, 0.5), (finding.MinScore, finding.LandmarkerScore));
        Assert.Equal((FaceSelectorMode.Reference, FaceOrder.LargeSmall), (selector.Mode, selector.Order));
        Assert.Equal((0, 0, 0.3), (selector.ReferenceFrame, selector.ReferencePosition, selector.ReferenceDistance));
    }

    [Theory]
    [MemberData(nameof(BadFindings))]
    public void Check_FindingOutOfRange_NamesTheField(FaceFinding finding, string field) =>
        AssertRefused(() => FaceRules.Check(finding, "faces.finding"), $"/faces/finding/{field}");

    [Theory]
    [MemberData(nameof(BadSelectors))]
    public void Check_SelectorOutOfRange_NamesTheField(FaceSelector selector, string field) =>
        AssertRefused(() => FaceRules.Check(selector, "faces.selector"), $"/faces/selector/{field}");

    [Fact]
    public void Selector_Json_UsesFaceFusionsWords()
    {
        FaceSelector? selector = JsonSerializer.Deserialize<FaceSelector>(
            """{ "mode": "one", "order": "best-worst", "gender": "auto", "race": "latino", "ageStart": 20 }""",
            RecipeJson.Options
        );

        Assert.Equal(
            new FaceSelector
            {
                Mode = FaceSelectorMode.One,
                Order = FaceOrder.BestWorst,
                Gender = GenderFilter.Auto,
                Race = RaceFilter.Latino,
                AgeStart = 20,
            },
            selector
        );
    }

    private static void AssertRefused(Action check, string pointer)
    {
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(check);
        Assert.Equal("recipe-value", e.Code);
        Assert.Equal(pointer, e.Pointer);
    }
}
