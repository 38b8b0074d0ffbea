using System.CommandLine;
using FaceFusion.Batch.Cli.Commands;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

/// <summary>What the options say stands in the recipe, as if it had been written there.</summary>
public sealed class ModelOptionsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ffb-options-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Read_AllOfThem_AreTheRecipeOfTheDocuments()
    {
        Recipe recipe = Read(
            "--source me.jpg --model inswapper_128 --pixel-boost 256x256 --weight 0.3 --mask box,occlusion "
                + "--expression live_portrait_generator:70 --enhance gfpgan_1.4:60 --enhance codeformer "
                + "--detector retinaface --landmarker many"
        );

        Recipe written = RecipeJson.Parse(
            """
            {
              "processors": [
                { "processor": "swap", "model": "inswapper_128", "pixelBoost": 256, "weight": 0.3, "mask": { "types": ["box", "occlusion"] } },
                { "processor": "expression", "model": "live_portrait_generator", "factor": 70 },
                { "processor": "enhance", "model": "gfpgan_1.4", "blend": 60 },
                { "processor": "enhance", "model": "codeformer" }
              ],
              "finding": { "detector": "retinaface", "landmarker": "many" }
            }
            """
        );
        Assert.Equal(RecipeJson.Write(written), RecipeJson.Write(recipe));
    }

    [Fact]
    public void Read_StepsAndSelector_AreTheRecipeOfTheDocuments()
    {
        Recipe recipe = Read(
            "--source me.jpg --upscale span_kendata_x4:2 --enhance codeformer --age styleganex_age:-30 "
                + "--select one --order left-right --gender female --race auto --ages 20-39"
        );

        Recipe written = RecipeJson.Parse(
            """
            {
              "processors": [
                { "processor": "swap" },
                { "processor": "age", "model": "styleganex_age", "direction": -30 },
                { "processor": "enhance", "model": "codeformer" },
                { "processor": "upscale", "model": "span_kendata_x4", "outputScale": 2 }
              ],
              "selector": { "mode": "one", "order": "left-right", "gender": "female", "race": "auto", "ageStart": 20, "ageEnd": 40 }
            }
            """
        );
        Assert.Equal(RecipeJson.Write(written), RecipeJson.Write(recipe));
    }

    /// <summary>Who names a reference means it; who names a filter alone means everybody who passes.</summary>
    [Fact]
    public void Read_PartOfASelector_HasTheModeThatItNeeds()
    {
        FaceSelector reference = Read(
            "--source me.jpg --reference-frame 120 --reference-face 1 --reference-distance 0.4"
        ).Selector!;

        Assert.Equal(
            new FaceSelector
            {
                Mode = FaceSelectorMode.Reference,
                ReferenceFrame = 120,
                ReferencePosition = 1,
                ReferenceDistance = 0.4,
            },
            reference
        );
        Assert.Equal(FaceSelectorMode.Many, Read("--source me.jpg --gender male").Selector!.Mode);
        Assert.Null(Read("--source me.jpg --faces all").Selector);
    }

    /// <summary>Enlarging is the last processor, whatever a recipe has drawn before it.</summary>
    [Fact]
    public void Read_UpscaleWithoutASource_DoesThatAlone()
    {
        Assert.Equal(
            new UpscaleStep { Model = "span_kendata_x4" },
            Assert.Single(Read("--upscale span_kendata_x4").Processors)
        );
    }

    [Fact]
    public void Read_NoneOfThem_IsThePlainSwap()
    {
        Recipe recipe = Read("--source me.jpg");

        Assert.Equal(new SwapStep(), Assert.Single(recipe.Processors));
        Assert.Null(recipe.Finding);
    }

    /// <summary>Who names no face to put in wants none.</summary>
    [Fact]
    public void Read_EnhanceWithoutASource_DoesThatAlone()
    {
        Assert.Equal([typeof(EnhanceStep)], Read("--enhance gfpgan_1.4").Processors.Select(step => step.GetType()));
        Assert.Equal(
            [typeof(SwapStep), typeof(EnhanceStep)],
            Read("--enhance gfpgan_1.4 --source me.jpg").Processors.Select(step => step.GetType())
        );
        Assert.Equal("source-not-given", Refused("--enhance gfpgan_1.4 --model inswapper_128").Code);
    }

    [Fact]
    public void Read_WithARecipe_OverrulesItsFieldsAndKeepsTheOthers()
    {
        string file = Path.Combine(_folder.FullName, "recipe.json");
        File.WriteAllText(
            file,
            """
            {
              "processors": [
                { "processor": "swap", "model": "ghost_1_256", "strength": 0.8, "mask": { "types": ["area"], "blur": 0.1 } },
                { "processor": "enhance", "blend": 10 },
                { "processor": "debug" }
              ],
              "finding": { "detector": "scrfd", "detectorSize": 320 }
            }
            """
        );

        Recipe recipe = Read(
            $"--source me.jpg --recipe {file} --model simswap_256 --mask region --enhance codeformer --expression live_portrait_generator --landmarker peppa_wutz"
        );

        SwapStep swap = Assert.IsType<SwapStep>(recipe.Processors[0]);
        Assert.Equal(("simswap_256", 0.8, 0.1), (swap.Model, swap.Strength, swap.Mask!.Blur));
        Assert.Equal([MaskType.Region], swap.Mask.Types);
        Assert.IsType<ExpressionStep>(recipe.Processors[1]);
        Assert.Equal(new EnhanceStep { Model = "codeformer" }, recipe.Processors[2]);
        Assert.IsType<DebugStep>(recipe.Processors[3]);
        Assert.Equal(
            ("scrfd", 320, "peppa_wutz"),
            (recipe.Finding!.Detector, recipe.Finding.DetectorSize, recipe.Finding.Landmarker)
        );
    }

    [Theory]
    [InlineData("--model inswapper_128 --pixel-boost 200x200", "--pixel-boost 200x200 must be one of 128x128")]
    [InlineData("--model inswapper_128 --pixel-boost 256x128", "--pixel-boost 256x128")]
    [InlineData("--model inswapper_128 --mask box,hair", "--mask hair: there are box, occlusion, area, region")]
    [InlineData("--model inswapper_128 --weight 1.5", "weight must be 0 to 1")]
    [InlineData("--weight 0.3", "--model")]
    [InlineData("--enhance gfpgan_1.4:101", "--enhance gfpgan_1.4:101")]
    [InlineData("--enhance :60", "--enhance :60")]
    [InlineData("--expression live_portrait_generator:much", "--expression")]
    [InlineData("--age styleganex_age", "--age styleganex_age must be")]
    [InlineData("--age styleganex_age:101", "-100 to 100")]
    [InlineData("--upscale span_kendata_x4:3", "1, 2, 4 or 8")]
    [InlineData("--ages 39-20", "--ages 39-20")]
    [InlineData("--ages 20", "such as 20-39")]
    [InlineData("--select many --reference-frame 3", "--select reference")]
    [InlineData("--select many --faces all", "both say who is meant")]
    public void Read_OfAWrongValue_SaysWhatIsRight(string words, string said) =>
        Assert.Contains(said, Refused($"--source me.jpg {words}").Message, StringComparison.Ordinal);

    /// <summary>Through the whole program: what a user sees.</summary>
    [Fact]
    public async Task Fuse_WithAModelOfTheCatalogue_ShowsItsLicenceBeforeAnyWork()
    {
        Run help = await Run.Async("fuse", "--help");
        Run plan = await Run.Async(
            "fuse",
            "--source",
            Files.Photo,
            "--target",
            Files.TinyClip,
            "--output",
            Path.Combine(_folder.FullName, "out.mp4"),
            "--model",
            "inswapper_128",
            "--usage",
            "commercial",
            "--dry-run"
        );

        foreach (
            string word in (string[])["--model", "--pixel-boost", "--mask", "--enhance", "--detector", "gfpgan_1.4:60"]
        )
        {
            Assert.Contains(word, help.Output, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCode.Declined, plan.Exit);
        Assert.Contains("inswapper_128", plan.Error, StringComparison.Ordinal);
        Assert.EndsWith("(model-licence)\n", plan.Error, StringComparison.Ordinal);
    }

    private static InvalidRecipeException Refused(string words) =>
        Assert.Throws<InvalidRecipeException>(() => Read(words));

    private static Recipe Read(string words)
    {
        FaceOptions faces = new();
        EncodeOptions encode = new();
        Command command = new("any");
        faces.AddTo(command);
        encode.AddTo(command);
        ParseResult parsed = command.Parse(words);
        Assert.Empty(parsed.Errors);
        return faces.Read(parsed, encode).Recipe;
    }
}
