using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.TestNetworks;
using FaceFusion.Batch.Worker.Pipeline;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

/// <summary>
/// People chosen as FaceFusion's selector does, through scan and pipeline. The classifier is a generated network that goes by light: of the
/// two people the left one stands in the dark.
/// </summary>
public sealed class SelectorTests(SelectorTests.Networks networks) : IClassFixture<SelectorTests.Networks>
{
    private static readonly FaceAttributes Dark = new(Gender.Male, Race.White, new AgeRange(10, 19));
    private static readonly FaceAttributes Bright = new(Gender.Female, Race.Asian, new AgeRange(50, 59));

    private readonly FaceModels _models = networks.Models;

    [Fact]
    public void Filter_ByGender_MeansWhoTheScanTakesForIt_InEveryChunk()
    {
        Recipe recipe = Swap(new FaceSelector { Mode = FaceSelectorMode.Many, Gender = GenderFilter.Female });
        using JobBench job = Bench(recipe);
        Person left = Left(job.Scan);
        Person right = Right(job.Scan);

        Assert.Equal(Dark, left.Attributes);
        Assert.Equal(Bright, right.Attributes);
        Assert.Equal((false, null), (left.IsMeant, left.Identity));
        Assert.Equal((true, "source"), (right.IsMeant, right.Identity));
        Assert.Contains("fairface", job.Scanned.Models.Keys);

        (_, ChunkReport whole) = job.Run(0, new FrameRange(0, 5), "whole", []);
        (_, ChunkReport first) = job.Run(0, new FrameRange(0, 3), "first", []);
        (_, ChunkReport second) = job.Run(1, new FrameRange(3, 5), "second", []);
        Assert.Equal([right.Number], whole.FusedByPerson.Keys);
        Assert.All(whole.FacesFound, found => Assert.Equal(2, found));
        Assert.All(whole.FacesFused, fused => Assert.Equal(1, fused));
        Assert.Equal(whole.FrameHashes, [.. first.FrameHashes, .. second.FrameHashes]);
    }

    [Fact]
    public void Selector_OfEachMode_MeansTheRightPerson()
    {
        // Left and right are those of the picture; the right face is the larger one.
        (FaceSelector Selector, bool Left, bool Right)[] cases =
        [
            (new() { Mode = FaceSelectorMode.Many, AgeStart = 19 }, false, true),
            (new() { Mode = FaceSelectorMode.Many, Race = RaceFilter.Indian }, false, false),
            (new() { Mode = FaceSelectorMode.One, Order = FaceOrder.LeftRight }, true, false),
            (new() { ReferenceFrame = 4, ReferencePosition = 9 }, true, false),
            (new() { ReferenceFrame = 4, ReferenceDistance = 1 }, true, true),
        ];
        foreach ((FaceSelector selector, bool left, bool right) in cases)
        {
            using JobBench job = new(Clip.TwoPeople, Look(selector), _models);

            Assert.True((left, right) == (Left(job.Scan).IsMeant, Right(job.Scan).IsMeant), $"{selector}");
            Assert.Equal(left || right ? 0 : 1, job.Scan.Warnings.Count(w => w.Contains("means nobody")));
        }
    }

    [Fact]
    public void Filter_Auto_IsThatOfTheSource()
    {
        using JobBench job = Bench(Swap(new FaceSelector { Mode = FaceSelectorMode.Many, Gender = GenderFilter.Auto }));

        // Whatever the photo is taken for, it is one of the two.
        Assert.Single(job.Scan.People, person => person.IsMeant);
    }

    [Theory]
    [InlineData(5, null, "reference-frame-missing")]
    [InlineData(0, RaceFilter.Indian, "reference-face-missing")]
    public void Reference_ThatShowsNobody_IsRefused(int frame, RaceFilter? race, string code)
    {
        FaceSelector selector = new() { ReferenceFrame = frame, Race = race };

        Assert.Equal(code, Refused(selector).Code);
    }

    [Fact]
    public void Fran_IsToldTheAgeThatTheScanTakesThePersonFor()
    {
        Recipe recipe = new()
        {
            Processors = [new AgeStep { Model = "fran", Direction = 20 }],
            Faces = new FaceSelection { Mode = SelectionMode.All },
            Encode = new EncodeSettings { Preset = "ultrafast" },
        };
        using JobBench job = Bench(recipe);
        (_, ChunkReport report) = job.Run(0, new FrameRange(0, 2), "aged", []);
        using JobBench none = Bench(
            recipe with
            {
                Processors =
                [
                    new DebugStep
                    {
                        Boxes = false,
                        Mesh = false,
                        Labels = false,
                    },
                ],
            }
        );
        (_, ChunkReport untouched) = none.Run(0, new FrameRange(0, 2), "untouched", []);

        Assert.Contains("fairface", job.Scanned.Models.Keys);
        Assert.All(report.FacesFused, fused => Assert.Equal(2, fused));
        Assert.Empty(report.FrameHashes.Intersect(untouched.FrameHashes));
        Assert.All(none.Scan.People, person => Assert.Null(person.Attributes));

        PersonIdentities who = new(recipe, job.Scan.People, new Dictionary<string, float[]>());
        Assert.Equal(14, who.AgeOf(new TrackedFace { Person = Left(job.Scan).Number }));
        Assert.Equal(54, who.AgeOf(new TrackedFace { Person = Right(job.Scan).Number }));
        Assert.Null(who.AgeOf(new TrackedFace()));
    }

    private InvalidRecipeException Refused(FaceSelector selector) =>
        Assert.Throws<InvalidRecipeException>(() => new JobBench(Clip.TwoPeople, Look(selector), _models));

    private static Recipe Look(FaceSelector selector) => Swap(selector) with { Processors = [new DebugStep()] };

    private static Recipe Swap(FaceSelector selector) =>
        new()
        {
            Processors = [new SwapStep()],
            Selector = selector,
            Encode = new EncodeSettings { Preset = "ultrafast" },
        };

    private JobBench Bench(Recipe recipe) => new(Clip.TwoPeople, recipe, _models, Footage.Path("SeanConnery.jpg"));

    private static Person Left(ScanResult scan) => Assert.Single(scan.People, person => person.Number == 2);

    private static Person Right(ScanResult scan) => Assert.Single(scan.People, person => person.Number == 1);

    /// <summary>Loaded once for the tests of this class.</summary>
    public sealed class Networks : IDisposable
    {
        private readonly NetworkFolder _folder = new();

        public Networks()
        {
            _folder.Add(FindingCards.Fairface, RecognitionNetworks.FairfaceByLight(-0.4f));
            _folder.Add(AgeingNetworks.FranCard("fran") with { Needs = ["fairface"] }, AgeingNetworks.Fran());
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
