using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

/// <summary>
/// What somebody types who has the published weights, with generated networks of the same contracts in their place: find, place, tell
/// apart, swap, mask, restore and enlarge in one run of the program.
/// </summary>
public sealed class FamiliesTests(FamiliesTests.Networks networks) : IClassFixture<FamiliesTests.Networks>
{
    /// <summary>Corner of the enlarged picture that no crop of the face reaches.</summary>
    private const string Corner = "160:120:0:0";

    private static readonly string[] Upscale = ["--upscale", "span_kendata_x4:2"];

    private static readonly string[] Everything =
    [
        "--detector",
        "many",
        "--landmarker",
        "2dfan4",
        "--model",
        "inswapper_128",
        "--pixel-boost",
        "256x256",
        "--mask",
        "box,occlusion",
        "--enhance",
        "gfpgan_1.4:90",
        "--select",
        "many",
        "--gender",
        "male",
        .. Upscale,
    ];

    [Fact]
    public async Task Fuse_WithAModelOfEachFamily_IsFrameExactHoweverItIsCut()
    {
        using TestFolder folder = new();
        FfbResult whole = await FuseAsync(folder["whole.mp4"], Everything, "--work", folder["whole"]);
        FfbResult cut = await FuseAsync(
            folder["cut.mp4"],
            Everything,
            "--work",
            folder["cut"],
            "--chunk-frames",
            "8",
            "--workers",
            "2"
        );
        FfbResult enlarged = await RunAsync([
            "fuse",
            .. Order.Job(folder["enlarged.mp4"], Clips.Uneven),
            .. Order.Lossless,
            .. Upscale,
        ]);

        Assert.All([whole, cut, enlarged], run => Assert.True(run.Exit == 0, run.Error));
        Assert.Equal(Reports.FrameHashes(folder["whole"]), Reports.FrameHashes(folder["cut"]));
        JobReport report = Reports.Of(folder["whole.mp4"]);
        Assert.Equal((report.Frames, 2), (report.FacesFused, report.OutputScale));
        Assert.Superset(networks.Ids, new HashSet<string>(report.Models.Keys));
        Assert.StartsWith("800,600,", VideoFacts.Shape(folder["whole.mp4"]), StringComparison.Ordinal);
        Assert.Equal(VideoFacts.FrameTimes(Clips.Uneven), VideoFacts.FrameTimes(folder["whole.mp4"]));

        // The face is another one in every frame, and what is far from it is only larger.
        string[] before = VideoFacts.FrameHashes(folder["enlarged.mp4"]);
        Assert.Empty(before.Intersect(VideoFacts.FrameHashes(folder["whole.mp4"])));
        Assert.Equal(
            VideoFacts.FrameHashes(folder["enlarged.mp4"], Corner),
            VideoFacts.FrameHashes(folder["whole.mp4"], Corner)
        );
    }

    [Fact]
    public async Task Fuse_SelectingNobody_LeavesEveryFrame()
    {
        using TestFolder folder = new();
        string[] women = [.. Everything.Select(word => word == "male" ? "female" : word)];
        FfbResult run = await FuseAsync(folder["out.mp4"], women);
        FfbResult enlarged = await RunAsync([
            "fuse",
            .. Order.Job(folder["enlarged.mp4"], Clips.Uneven),
            .. Order.Lossless,
            .. Upscale,
        ]);

        Assert.All([run, enlarged], each => Assert.True(each.Exit == 0, each.Error));
        Assert.Equal(0, Reports.Of(folder["out.mp4"]).FacesFused);
        Assert.Contains("nobody's face is changed", run.Error, StringComparison.Ordinal);
        Assert.Equal(VideoFacts.FrameHashes(folder["enlarged.mp4"]), VideoFacts.FrameHashes(folder["out.mp4"]));
    }

    private Task<FfbResult> FuseAsync(string output, string[] options, params string[] more) =>
        RunAsync([.. Order.Fuse(output, networks.Source, Clips.Uneven), .. Order.Lossless, .. options, .. more]);

    private Task<FfbResult> RunAsync(string[] arguments) =>
        Ffb.RunAsync(new Dictionary<string, string> { ["FFB_MODELS"] = networks.Path }, arguments);

    /// <summary>A catalogue of generated networks that know where the talking head is.</summary>
    public sealed class Networks : IDisposable
    {
        private static readonly PlacedFace Head = new(
            160,
            110,
            260,
            243,
            0.875f,
            [187.7f, 152.7f, 235, 152.7f, 210.7f, 178, 193.3f, 201.7f, 228.3f, 201.7f]
        );

        private readonly NetworkFolder _folder = new();

        public Networks()
        {
            float[] plain = [.. LandmarkNetworks.PlainFace().Select(v => v * 64)];
            _folder.Add(FindingCards.Retinaface, DetectorNetworks.Anchors(640, [Head]));
            _folder.Add(FindingCards.Scrfd, DetectorNetworks.Anchors(640, [Head]));
            _folder.Add(FindingCards.YoloFace, DetectorNetworks.Yolo(640, [Head]));
            _folder.Add(FindingCards.Fan, LandmarkNetworks.Fan(plain, FindingNetworks.Same(0.81f)));
            _folder.Add(FindingCards.Expander, LandmarkNetworks.Expander());
            _folder.Add(FindingCards.Fairface, RecognitionNetworks.Fairface(race: 0, gender: 0, age: 3));
            _folder.Add(SwapCards.Recogniser, SwapNetworks.Recogniser(SwapCards.Recogniser.Id));
            ModelCard swapper = SwapCards.Of("inswapper_128") with { Needs = [SwapCards.Recogniser.Id] };
            SwapLook look = new() { Tint = new PerChannel(-0.2f, 0, 0.2f) };
            _folder.Add(swapper, SwapNetworks.Swapper(swapper, look));
            _folder.Add(SwapCards.Occluder("xseg_1"), MaskNetworks.Occluder("xseg_1"));
            _folder.Add(EnhancingNetworks.Card("gfpgan_1.4", 512), EnhancingNetworks.Sharpen(512));
            _folder.Add(
                UpscalingNetworks.Card("span_kendata_x4", new ModelTiles(128, 8, 4, 4)),
                UpscalingNetworks.PixelShuffle(128, 4)
            );
            Ids = [.. _folder.ToCatalog().Cards.Select(card => card.Id)];
            _folder.AddBuiltIn(System.IO.Path.Combine(Footage.SolutionFolder(), "models"));
            _folder.WriteCatalog();

            // The detectors see the head in the same place of whatever they are shown.
            Source = System.IO.Path.Combine(_folder.Path, "source.png");
            Clips.Make(Source, "-i", Clips.Uneven, "-frames:v", "1");
        }

        /// <summary>Of all generated networks.</summary>
        public HashSet<string> Ids { get; }

        public string Path => _folder.Path;

        public string Source { get; }

        public void Dispose() => _folder.Dispose();
    }
}
