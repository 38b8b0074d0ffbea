using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Ageing;
using FaceFusion.Batch.Faces.Enhancing;
using FaceFusion.Batch.Faces.Expression;
using FaceFusion.Batch.Faces.Finding;
using FaceFusion.Batch.Faces.Fusing.Swapping;
using FaceFusion.Batch.Faces.Masking;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Faces.Recognition;
using FaceFusion.Batch.Faces.Tests.Enhancing;
using FaceFusion.Batch.Faces.Tests.Finding;
using FaceFusion.Batch.Faces.Tests.Fusing.Swapping;
using FaceFusion.Batch.Faces.Upscaling;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Admission;

/// <summary>
/// Product row 57, wherever a network is run: one that gives no numbers ends the work by its name, and nothing of it comes into a frame.
/// </summary>
public sealed class NonFiniteTests
{
    public static TheoryData<string, string> Swaps =>
        new()
        {
            { "inswapper_128", "inswapper_128" },
            { "inswapper_128", "arcface" },
            { "ghost_1_256", "crossface_ghost" },
        };

    [Theory]
    [MemberData(nameof(Swaps))]
    public void Swap_ByABrokenNetwork_IsRefused(string id, string broken)
    {
        using NetworkFolder sound = SwapCards.Folder(id, SwapLook.Identity);
        Frame frame = EditedFrames.Plain(120, 120, 8, 90, 128, 128);

        RequireRefused(
            broken,
            frame,
            () =>
            {
                using NetworkFolder folder = Broken(sound, broken);
                using ModelSessions sessions = new(folder.ToCatalog());
                SwapNetwork network = new(sessions, sessions.Catalog.Card(id));
                using IdentityEmbedder embedder = new(sessions, sessions.Catalog.Card(SwapCards.Recogniser.Id));
                var source = SwapSource.Build([SwapSetup.Photo(0)], embedder);
                using NetworkFuser fuser = new(
                    SourceTensor.Build(network, source),
                    new NetworkSwapSettings(),
                    embedder
                );
                fuser.Fuse(frame, EditedFrames.Face(60, 60, 20).Faces[0]);
            }
        );
    }

    public static TheoryData<string, Action<ModelSessions, Frame>> Edits =>
        new()
        {
            {
                "gfpgan",
                (s, f) =>
                {
                    using FaceEnhancer enhancer = new(s, s.Catalog.Card("gfpgan"), new EnhanceStep());
                    enhancer.Edit(f, EditedFrames.Face(60, 60, 20).Faces[0]);
                }
            },
            {
                "fran",
                (s, f) =>
                {
                    using FranModifier modifier = new(
                        s,
                        s.Catalog.Card("fran"),
                        new AgeStep { Direction = 30 },
                        _ => 24
                    );
                    modifier.Edit(f, EditedFrames.Face(60, 60, 20).Faces[0]);
                }
            },
            {
                "styleganex",
                (s, f) =>
                {
                    using StyleganexModifier modifier = new(s, s.Catalog.Card("styleganex"), new AgeStep());
                    modifier.Edit(f, EditedFrames.Face(60, 60, 20).Faces[0]);
                }
            },
            { "features", Restore },
            { "motion", Restore },
            { "generator", Restore },
            {
                "upscaler",
                (s, f) =>
                {
                    using FrameUpscaler upscaler = new(s, s.Catalog.Card("upscaler"), new UpscaleStep(), f.Format);
                    upscaler.Run(f, new FramePool(upscaler.OutputFormat, 1).Rent(CancellationToken.None));
                }
            },
            {
                "xseg_1",
                (s, _) =>
                {
                    using OcclusionMask mask = new(s, "xseg_1", 64);
                    mask.Fill(new float[3 * 64 * 64], new float[64 * 64]);
                }
            },
            {
                SwapCards.Parser.Id,
                (s, _) =>
                {
                    using RegionMask mask = new(s, SwapCards.Parser.Id, [FaceRegion.Skin], 64);
                    mask.Fill(new float[3 * 64 * 64], new float[64 * 64]);
                }
            },
        };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Edit_ByABrokenNetwork_IsRefused(string broken, Action<ModelSessions, Frame> edit)
    {
        using NetworkFolder sound = Editors();
        Frame frame = EditedFrames.Plain(120, 120, 8, 90, 128, 128);
        RequireRefused(
            broken,
            frame,
            () =>
            {
                using NetworkFolder folder = Broken(sound, broken);
                using ModelSessions sessions = new(folder.ToCatalog());
                edit(sessions, frame);
            }
        );
    }

    [Theory]
    [InlineData("retinaface", "2dfan4", "retinaface")]
    [InlineData("yolo_face", "2dfan4", "yolo_face")]
    [InlineData("yunet", "2dfan4", "yunet")]
    [InlineData("yunet", "2dfan4", "2dfan4")]
    [InlineData("yunet", "peppa_wutz", "peppa_wutz")]
    [InlineData("yunet", "2dfan4", "fan_68_5")]
    [InlineData("yunet", "2dfan4", "arcface")]
    public void Find_ByABrokenNetwork_IsRefused(string detector, string landmarker, string broken)
    {
        using NetworkFolder sound = FindingNetworks.Folder(FaceFinderTests.First);
        Frame frame = FindingGoldens.Orange(640, 480);
        FaceFinding finding = new() { Detector = detector, Landmarker = landmarker };

        RequireRefused(
            broken,
            frame,
            () =>
            {
                using NetworkFolder folder = Broken(sound, broken);
                using ModelSessions sessions = new(folder.ToCatalog());
                using FaceFinder finder = new(sessions, finding, FaceDetails.Embedding);
                _ = finder.Find(frame);
            }
        );
    }

    /// <summary>The built-in ones: weights that a device cannot calculate with, or a catalogue that is not the release's.</summary>
    [Theory]
    [InlineData("detector-full-range", "detector")]
    [InlineData("face-mesh-attention", "face mesh")]
    [InlineData("mobilefacenet", "embedding")]
    public void Analyse_ByABrokenNetwork_IsRefused(string broken, string name)
    {
        using NetworkFolder sound = new();
        sound.AddBuiltIn(TestModels.Folder);
        Frame photo = TestClip.Photo("audrey.jpg");

        RequireRefused(
            name,
            photo,
            () =>
            {
                using NetworkFolder folder = Broken(sound, broken);
                using FaceModels models = FaceModels.Load(folder.ToCatalog());
                using FrameAnalyser analyser = new(models);
                FaceBox[] boxes = new FaceBox[8];
                Assert.Equal(1, analyser.Detect(photo, boxes, thorough: false));
                float[] mesh = new float[TrackedFace.LandmarkCount * 3];
                _ = analyser.FindLandmarks(photo, boxes[0], mesh);
                analyser.Embed(photo, mesh, new float[FrameAnalyser.EmbeddingLength]);
            }
        );
    }

    private static void RequireRefused(string broken, Frame frame, Action work)
    {
        byte[] before = frame.Bytes.ToArray();

        ModelException e = Assert.Throws<ModelException>(work);

        Assert.Equal("model-contract", e.Code);
        Assert.Contains($"of the {broken} model holds values", e.Message, StringComparison.Ordinal);
        Assert.False(e.IsTransient);
        Assert.Equal(before, frame.Bytes.ToArray());
    }

    private static void Restore(ModelSessions sessions, Frame frame)
    {
        using ExpressionRestorer restorer = new(sessions, sessions.Catalog.Card("features"), new ExpressionStep());
        ExpressionProcessor processor = new(restorer);
        FrameFaces faces = EditedFrames.Face(60, 60, 20);
        processor.Remember(EditedFrames.Plain(120, 120, 8, 150, 128, 128), faces);
        processor.Process(frame, faces);
    }

    private static NetworkFolder Editors()
    {
        NetworkFolder folder = new();
        folder.Add(EnhancingNetworks.Card("gfpgan", 64), EnhancingNetworks.Tint(64));
        folder.Add(AgeingNetworks.FranCard("fran"), AgeingNetworks.Fran());
        folder.Add(AgeingNetworks.StyleganexCard("styleganex"), AgeingNetworks.Styleganex());
        byte[][] parts = [ExpressionNetworks.Features(), ExpressionNetworks.Motion(), ExpressionNetworks.Tinting()];
        foreach ((ModelCard card, byte[] part) in ExpressionNetworks.Cards().Zip(parts))
        {
            folder.Add(card, part);
        }

        folder.Add(UpscalingNetworks.Card("upscaler", new ModelTiles(16, 3, 2, 2)), UpscalingNetworks.Nearest(16, 2));
        folder.Add(SwapCards.Occluder("xseg_1"), MaskNetworks.Occluder("xseg_1"));
        folder.Add(SwapCards.Parser, MaskNetworks.Parser(SwapCards.Parser.Id));
        return folder;
    }

    /// <summary>The same folder, in which one network gives 0 ÷ 0 wherever it gave real numbers.</summary>
    private static NetworkFolder Broken(NetworkFolder sound, string id)
    {
        ModelCatalog catalog = sound.ToCatalog();
        NetworkFolder folder = new();
        foreach (ModelCard card in catalog.Cards.Where(c => c.File is not null))
        {
            byte[] file = catalog.Read(card);
            folder.Add(card, card.Id == id ? Broken(file) : file);
        }

        return folder;
    }

    private static byte[] Broken(byte[] file)
    {
        OnnxModel model = OnnxReader.Read(file);
        foreach (OnnxValue output in model.Graph.Outputs.Where(o => o.Type is OnnxType.Float or OnnxType.Half))
        {
            OnnxNode maker = model.Graph.Nodes.Single(n => n.Outputs.Contains(output.Name));
            (string was, string zero) = ($"{output.Name}_sound", $"{output.Name}_zero");
            foreach (OnnxNode user in model.Graph.Nodes)
            {
                Rename(user.Inputs, output.Name, was);
            }

            Rename(maker.Outputs, output.Name, was);
            model.Graph.Nodes.Add(Operation("Sub", was, zero));
            model.Graph.Nodes.Add(Operation("Div", zero, output.Name));
        }

        return OnnxWriter.Write(model);
    }

    private static OnnxNode Operation(string name, string input, string output) =>
        new()
        {
            Operator = name,
            Inputs = { input, input },
            Outputs = { output },
        };

    private static void Rename(List<string> names, string from, string to)
    {
        for (int i = 0; i < names.Count; i++)
        {
            names[i] = names[i] == from ? to : names[i];
        }
    }
}
