using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

/// <summary>Expression, and the occluders of steps that change faces, through the real pipeline with generated networks.</summary>
public sealed class EditedFacesTests(EditedFacesTests.Networks networks) : IClassFixture<EditedFacesTests.Networks>
{
    private static readonly FrameRange Few = new(0, 2);
    private static readonly DebugStep Nothing = new()
    {
        Boxes = false,
        Mesh = false,
        Labels = false,
    };

    private readonly FaceModels _models = networks.Models;

    [Fact]
    public void Expression_AfterASwap_IsTheTargets_HoweverItIsCut()
    {
        ExpressionStep back = new() { Model = "features", Factor = 100 };
        using JobBench job = Bench(new SwapStep(), back);
        (_, ChunkReport whole) = job.Run(0, new FrameRange(0, 5), "whole", []);
        (_, ChunkReport first) = job.Run(0, new FrameRange(0, 2), "first", []);
        (_, ChunkReport second) = job.Run(1, new FrameRange(2, 5), "second", []);

        Assert.Equal(whole.FrameHashes, [.. first.FrameHashes, .. second.FrameHashes]);
        Assert.All(whole.FacesFused, fused => Assert.Equal(1, fused));
        Assert.Superset(
            new HashSet<string> { "features", "motion", "generator" },
            new HashSet<string>(job.Scanned.Models.Keys)
        );

        // It remembers the target as it was before the swap: what is read after it gives other frames.
        Assert.Empty(whole.FrameHashes.Intersect(Hashes(new SwapStep())));

        // The report says what the models ran on.
        Assert.Equal($"{_models.Device.Plan.Attempts[^1]}", whole.Device);
        Assert.StartsWith("cpu", whole.Device, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enhance")]
    [InlineData("expression")]
    [InlineData("age")]
    public void Occluder_InFrontOfTheWholeFace_LeavesIt(string processor)
    {
        IReadOnlyList<string> covered = Hashes(Step(processor, "covered"));

        Assert.Equal(Hashes(Nothing), covered);
        Assert.Empty(covered.Intersect(Hashes(Step(processor, null))));
    }

    [Fact]
    public void Occluder_Many_IsWhatAnyOfThemSees()
    {
        IReadOnlyList<string> untouched = Hashes(Nothing);
        using JobBench job = Bench(Step("enhance", "many"));
        (_, ChunkReport many) = job.Run(0, Few, "many", []);

        Assert.Equal(untouched, many.FrameHashes);
        Assert.Empty(untouched.Intersect(Hashes(Step("enhance", "open"))));
        Assert.Superset(new HashSet<string> { "covered", "open" }, new HashSet<string>(job.Scanned.Models.Keys));
    }

    private static ProcessorStep Step(string processor, string? occluder) =>
        processor switch
        {
            "enhance" => new EnhanceStep { Occluder = occluder },
            "expression" => new ExpressionStep { Model = "motion", Occluder = occluder },
            _ => new AgeStep
            {
                Model = "styleganex",
                Direction = 50,
                Occluder = occluder,
            },
        };

    private IReadOnlyList<string> Hashes(params ProcessorStep[] steps)
    {
        using JobBench job = Bench(steps);
        (_, ChunkReport report) = job.Run(0, Few, "chunk", []);
        return report.FrameHashes;
    }

    private JobBench Bench(params ProcessorStep[] steps) =>
        new(
            Clip.Short,
            new Recipe
            {
                Processors = steps,
                Encode = new EncodeSettings { Preset = "ultrafast" },
            },
            _models,
            steps.Any(step => step is SwapStep) ? [Footage.Path("SeanConnery.jpg")] : []
        );

    /// <summary>Loaded once for the tests of this class.</summary>
    public sealed class Networks : IDisposable
    {
        private readonly NetworkFolder _folder = new();

        public Networks()
        {
            byte[][] expression =
            [
                ExpressionNetworks.Features(),
                ExpressionNetworks.Motion(),
                ExpressionNetworks.Tinting(),
            ];
            foreach ((ModelCard card, byte[] model) in ExpressionNetworks.Cards().Zip(expression))
            {
                _folder.Add(card, model);
            }

            _folder.Add(EnhancingNetworks.Card("gfpgan_1.4", 256), EnhancingNetworks.Tint(256));
            _folder.Add(AgeingNetworks.StyleganexCard("styleganex"), AgeingNetworks.Styleganex());
            _folder.Add(SwapCards.Occluder("open"), MaskNetworks.Occluder("open", channel: 2));
            _folder.Add(SwapCards.Occluder("covered"), MaskNetworks.Covered("covered"));
            _folder.AddBuiltIn(Path.Combine(Footage.SolutionFolder(), "models"));
            Models = FaceModels.Load(_folder.ToCatalog());
        }

        public FaceModels Models { get; }

        public void Dispose()
        {
            Models.Dispose();
            _folder.Dispose();
        }
    }
}
