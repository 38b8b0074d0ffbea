using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Contracts.Tests;

public sealed class MaskRulesTests
{
    [Fact]
    public void Defaults_AreWithinTheirRangesAndFaceFusionsOwn()
    {
        NetworkSwapSettings swap = new();
        MaskRules.Check(swap, "/processors/0");
        Assert.Equal(0.5, swap.Weight);
        Assert.Null(swap.PixelBoost);
        Assert.Equal([MaskType.Box], swap.Mask.Types);
        Assert.Equal(0.3, swap.Mask.Blur);
        Assert.Equal(3, swap.Mask.Areas.Count);
        Assert.Equal(10, swap.Mask.Regions.Count);
    }

    [Fact]
    public void Json_NamesOfKinds_AreFaceFusionsOwn()
    {
        const string Json = """
            {
              "types": ["box", "occlusion", "area", "region"], "blur": 0.5, "padding": { "top": 1, "left": 100 },
              "areas": ["upper-face", "lower-face", "mouth"], "regions": ["skin", "left-eyebrow", "upper-lip"],
              "occluder": "many", "parser": "bisenet_resnet_18"
            }
            """;
        MaskSettings mask = JsonSerializer.Deserialize<MaskSettings>(Json, RecipeJson.Options)!;
        MaskRules.Check(mask, "/mask");
        Assert.Equal(Enum.GetValues<MaskType>(), mask.Types);
        Assert.Equal(Enum.GetValues<FaceArea>(), mask.Areas);
        Assert.Equal([FaceRegion.Skin, FaceRegion.LeftEyebrow, FaceRegion.UpperLip], mask.Regions);
        Assert.Equal(100, mask.Padding.Left);
        string again = JsonSerializer.Serialize(mask, RecipeJson.Options);
        Assert.Contains("left-eyebrow", again, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NoType_IsRefusedByName()
    {
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(() =>
            MaskRules.Check(new MaskSettings { Types = [] }, "/processors/2/mask")
        );
        Assert.Equal("mask-types-empty", e.Code);
        Assert.Equal("/processors/2/mask/types", e.Pointer);
    }

    public static TheoryData<string, NetworkSwapSettings> OutOfRange =>
        new()
        {
            {
                "strength",
                new() { Strength = 1.1 }
            },
            {
                "weight",
                new() { Weight = double.NaN }
            },
            {
                "pixelBoost",
                new() { PixelBoost = 640 }
            },
            {
                "mask.blur",
                new() { Mask = new() { Blur = -0.1 } }
            },
            {
                "mask.padding",
                new() { Mask = new() { Padding = new() { Right = 101 } } }
            },
            {
                "mask.areas",
                new()
                {
                    Mask = new() { Types = [MaskType.Area], Areas = [] },
                }
            },
            {
                "mask.regions",
                new()
                {
                    Mask = new() { Types = [MaskType.Region], Regions = [] },
                }
            },
            {
                "mask.occluder",
                new() { Mask = new() { Occluder = "" } }
            },
            {
                "mask.parser",
                new() { Mask = new() { Parser = "" } }
            },
        };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Check_OutOfRange_NamesTheField(string field, NetworkSwapSettings swap)
    {
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(() => MaskRules.Check(swap, "/processors/0"));
        Assert.Equal("recipe-value", e.Code);
        Assert.StartsWith($"Recipe field processors.0.{field} ", e.Message, StringComparison.Ordinal);
        Assert.Equal($"/processors/0/{field.Replace('.', '/')}", e.Pointer);
    }

    [Theory]
    [InlineData(128, "128, 256, 384, 512, 768, 1024")]
    [InlineData(256, "256, 512, 768, 1024")]
    [InlineData(512, "512, 1024")]
    public void CheckBoost_NoMultiple_NamesThoseThatAre(int modelSize, string sizes)
    {
        MaskRules.CheckBoost(null, modelSize, "");
        MaskRules.CheckBoost(1024, modelSize, "");
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(() =>
            MaskRules.CheckBoost(1000, modelSize, "")
        );
        Assert.Contains($"must be one of {sizes} pixels", e.Message, StringComparison.Ordinal);
    }
}
