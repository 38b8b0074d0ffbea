using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Contracts.Tests;

public sealed class RecipeJsonTests
{
    [Fact]
    public void Parse_WhatWasWritten_IsTheSameRecipe()
    {
        Recipe recipe = new()
        {
            Processors =
            [
                new SwapStep { Strength = 0.5 },
                new RedactStep { Style = RedactStyle.Solid },
                new DebugStep(),
                new UpscaleStep { OutputScale = 2 },
            ],
            Faces = new FaceSelection
            {
                Mode = SelectionMode.Map,
                Map = new Dictionary<int, string> { [2] = "me" },
            },
            Encode = new EncodeSettings { Encoder = "libsvtav1", Crf = 60 },
        };
        Recipe selected = new()
        {
            Processors = [new SwapStep()],
            Selector = new FaceSelector
            {
                Mode = FaceSelectorMode.Many,
                Gender = GenderFilter.Auto,
                AgeEnd = 40,
            },
        };

        Assert.Equal(RecipeJson.Write(recipe), RecipeJson.Write(RecipeJson.Parse(RecipeJson.Write(recipe))));
        Assert.Equal(selected.Selector, RecipeJson.Parse(RecipeJson.Write(selected)).Selector);
    }

    [Theory]
    [InlineData("""{"processors":[{"processor":"swap"}],"speed":1}""", "speed")]
    [InlineData("""{"processors":[{"processor":"swap","strenght":1}]}""", "strenght")]
    [InlineData("""{"processors":[{"processor":"sing"}]}""", "processor")]
    [InlineData("""{}""", "processors")]
    [InlineData("""nonsense""", "$")]
    public void Parse_WhatIsNoRecipe_IsRefusedAndNamesThePlace(string json, string place)
    {
        InvalidRecipeException refused = Assert.Throws<InvalidRecipeException>(() => RecipeJson.Parse(json));

        Assert.Equal("recipe-json", refused.Code);
        Assert.Contains(place, refused.Message);
    }

    [Theory]
    [InlineData("""{"processors":[]}""", "processors")]
    [InlineData("""{"processors":[{"processor":"swap","strength":1.1}]}""", "processors.swap.strength")]
    [InlineData("""{"processors":[{"processor":"redact","coverGaps":121}]}""", "processors.redact.coverGaps")]
    [InlineData("""{"processors":[{"processor":"swap"}],"faces":{"mode":"map"}}""", "faces.map")]
    [InlineData("""{"processors":[{"processor":"swap"}],"selector":{"ageStart":30,"ageEnd":30}}""", "selector.ageEnd")]
    [InlineData("""{"processors":[{"processor":"swap"}],"selector":{},"faces":{"mode":"all"}}""", "faces.mode")]
    [InlineData("""{"processors":[{"processor":"upscale","outputScale":3}]}""", "processors.upscale.outputScale")]
    [InlineData("""{"processors":[{"processor":"upscale"},{"processor":"upscale"}]}""", "processors.upscale")]
    [InlineData("""{"processors":[{"processor":"upscale"},{"processor":"debug"}]}""", "processors.upscale")]
    [InlineData("""{"processors":[{"processor":"swap"}],"tracking":{"embedEvery":5}}""", "tracking.embedEvery")]
    [InlineData("""{"processors":[{"processor":"swap"}],"encode":{"encoder":"mpeg4"}}""", "encode.encoder")]
    [InlineData("""{"processors":[{"processor":"swap"}],"encode":{"crf":52}}""", "encode.crf")]
    [InlineData("""{"processors":[{"processor":"swap"}],"encode":{"preset":"; rm"}}""", "encode.preset")]
    public void Parse_ValueOutOfRange_IsRefusedAndNamesTheField(string json, string field)
    {
        InvalidRecipeException refused = Assert.Throws<InvalidRecipeException>(() => RecipeJson.Parse(json));

        Assert.Equal("recipe-value", refused.Code);
        Assert.Contains(field, refused.Message);
    }
}
