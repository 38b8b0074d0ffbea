using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.TestNetworks;
using FaceFusion.Batch.Worker.Pipeline;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

/// <summary>Recipes that name models of the catalogue, through the real pipeline, with generated networks in their place.</summary>
public sealed class ChosenModelsTests : IDisposable
{
    private const string Swapper = "inswapper_128";
    private static readonly EncodeSettings Fast = new() { Preset = "ultrafast" };

    private readonly NetworkFolder _folder = SwapCards.Folder(Swapper, new SwapLook { Tint = new(0.2f, -0.1f, 0) });
    private readonly FaceModels _models;

    public ChosenModelsTests()
    {
        _folder.Change(Swapper, card => card with { Needs = [SwapCards.Recogniser.Id] });
        _folder.Add(EnhancingNetworks.Card("gfpgan_1.4", 512), EnhancingNetworks.Sharpen(512));
        _folder.AddBuiltIn(Path.Combine(Footage.SolutionFolder(), "models"));
        _models = FaceModels.Load(_folder.ToCatalog());
    }

    public void Dispose()
    {
        _models.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Swap_ByANetworkThenEnhanced_IsTheSameHoweverItIsCut_AndItsModelsAreToldOf()
    {
        Recipe recipe = new()
        {
            Processors = [new SwapStep { Model = Swapper, Weight = 0.3 }, new EnhanceStep()],
            Encode = Fast,
        };
        using JobBench job = new(Clip.Talking, recipe, _models, Footage.Path("SeanConnery.jpg"));
        (_, ChunkReport whole) = job.Run(0, new FrameRange(0, 48), "whole", []);
        (_, ChunkReport first) = job.Run(0, new FrameRange(0, 19), "first", []);
        (_, ChunkReport second) = job.Run(1, new FrameRange(19, 48), "second", []);

        Assert.Equal(whole.FrameHashes, [.. first.FrameHashes, .. second.FrameHashes]);
        Assert.All(whole.FacesFused, fused => Assert.Equal(1, fused));
        foreach (string id in (string[])[Swapper, SwapCards.Recogniser.Id, "gfpgan_1.4"])
        {
            Assert.Equal(_models.Sessions.Catalog.Card(id).Sha256, job.Scanned.Models[id]);
        }

        // Other models are another pipeline, and a swap alone makes other frames.
        Recipe alone = recipe with
        {
            Processors = [recipe.Processors[0]],
        };
        Assert.NotEqual(job.Scanned.PipelineKey, PipelineKeys.Pipeline(_models, MediaTools.Locate(), alone));
        using JobBench other = new(Clip.Talking, alone, _models, Footage.Path("SeanConnery.jpg"));
        (_, ChunkReport swapped) = other.Run(0, new FrameRange(0, 4), "swapped", []);
        Assert.NotEqual(whole.FrameHashes.Take(4), swapped.FrameHashes);
    }

    [Fact]
    public void Enhance_WithoutASource_ChangesWhoIsMeant()
    {
        Recipe recipe = new() { Processors = [new EnhanceStep { Blend = 100 }], Encode = Fast };
        using JobBench job = new(Clip.Talking, recipe, _models);
        (_, ChunkReport report) = job.Run(0, new FrameRange(0, 6), "enhanced", []);
        using JobBench none = new(Clip.Talking, recipe with { Processors = [new EnhanceStep { Blend = 0 }] }, _models);
        (_, ChunkReport untouched) = none.Run(0, new FrameRange(0, 6), "untouched", []);

        Assert.True(Assert.Single(job.Scan.People).IsMeant);
        Assert.All(report.FacesFused, fused => Assert.Equal(1, fused));
        Assert.Empty(report.FrameHashes.Intersect(untouched.FrameHashes));
    }

    [Theory]
    [InlineData("yolo_face")]
    [InlineData("many")]
    public void Finding_ByOtherDetectorsAndLandmarks_TakesTheirWord(string detector)
    {
        // The face of the clip's person, roughly: what finds it says the same for every frame.
        using NetworkFolder folder = FindingNetworks.Folder(
            new PlacedFace(140, 60, 260, 200, 0.9f, [175, 110, 225, 110, 200, 140, 180, 165, 220, 165])
        );
        folder.AddBuiltIn(Path.Combine(Footage.SolutionFolder(), "models"));
        using FaceModels models = FaceModels.Load(folder.ToCatalog());
        Recipe recipe = new()
        {
            Processors = [new DebugStep()],
            Finding = new FaceFinding { Detector = detector, LandmarkerScore = 0.2 },
            Encode = Fast,
        };
        using JobBench job = new(Clip.Talking, recipe, models);
        (var fused, ChunkReport report) = job.Run(0, new FrameRange(0, 8), "found", []);

        Assert.All(report.FacesFound, found => Assert.Equal(1, found));
        Assert.Contains("2dfan4", job.Scanned.Models.Keys);
        Assert.True(fused.Analysed);

        // What another detector found is no sidecar of the built-in one.
        Recipe builtIn = recipe with
        {
            Finding = null,
        };
        Assert.NotEqual(job.Scanned.AnalysisKey, PipelineKeys.Analysis(models, builtIn, 0));
    }

    [Theory]
    [InlineData("nothing_there", "model-unknown")]
    [InlineData("gfpgan_1.4", "recipe-model")]
    public void Swap_ByWhatIsNoFuser_IsRefusedByName(string model, string code)
    {
        Recipe recipe = new() { Processors = [new SwapStep { Model = model }], Encode = Fast };

        FusionException e = Assert.ThrowsAny<FusionException>(() =>
        {
            using JobBench job = new(Clip.Talking, recipe, _models, Footage.Path("SeanConnery.jpg"));
            _ = job.Run(0, new FrameRange(0, 4), "refused", []);
        });

        Assert.Equal(code, e.Code);
        Assert.Contains(model, e.Message, StringComparison.Ordinal);
    }
}
