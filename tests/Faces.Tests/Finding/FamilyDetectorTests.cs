using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Finding;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Onnx;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Finding;

public sealed class FamilyDetectorTests
{
    /// <summary>One face for each grid and each anchor of a cell.</summary>
    private static readonly PlacedFace[] Faces =
    [
        new(100, 50, 180, 150, 0.9f, [120, 90, 160, 88, 141, 110, 125, 130, 158, 131]),
        new(300, 200, 420, 330, 0.75f, [330, 240, 390, 242, 362, 270, 335, 300, 388, 303]),
        new(20, 10, 60, 66, 0.625f, [30, 30, 50, 29, 41, 40, 33, 50, 48, 51]),
        new(500, 240, 560, 316, 0.5f, [515, 270, 545, 271, 530, 280, 518, 300, 541, 302]),
    ];

    public static TheoryData<string> Families => ["retinaface", "scrfd", "yolo_face", "yunet"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Detect_EachFamily_GivesPlacesInTheFrame(string id)
    {
        List<FaceCandidate> found = Detect(id, Faces, null, FindingGoldens.Orange(1280, 720), 0.6f);

        // The canvas is the frame at half its size.
        Assert.Equal(3, found.Count);
        foreach (FaceCandidate face in found)
        {
            PlacedFace placed = Faces.MinBy(f => MathF.Abs((2 * f.Left) - face.Left))!;
            Assert.Equal(placed.Score, face.Score, 1e-6f);
            Assert.Equal(2 * placed.Left, face.Left, 1e-3f);
            Assert.Equal(2 * placed.Top, face.Top, 1e-3f);
            Assert.Equal(2 * placed.Right, face.Right, 1e-3f);
            Assert.Equal(2 * placed.Bottom, face.Bottom, 1e-3f);
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal(2 * placed.Points[i], face.Points[i], 1e-3f);
            }
        }
    }

    [Theory]
    [InlineData("retinaface", 127.5f, 128f, 0.02f)]
    [InlineData("scrfd", 127.5f, 128f, 0.02f)]
    [InlineData("yolo_face", 0f, 255f, 0.01f)]
    [InlineData("yunet", 0f, 1f, 2.5f)]
    public void Detect_EachFamily_FeedsBlueGreenRedInItsRange(string id, float mean, float std, float tolerance)
    {
        // Within 2.5 levels of one another's, three different planes: another order, mean or range scores 0.
        float[] planes = [.. FindingGoldens.OrangeRgb.Reverse().Select(v => (v - mean) / std)];

        FaceCandidate found = Assert.Single(
            Detect(id, Faces[..1], new(planes, tolerance), FindingGoldens.Orange(640, 640), 0.1f)
        );

        Assert.InRange(found.Score, 0.7f, 0.9f);
    }

    [Theory]
    [InlineData("retinaface", 1)]
    [InlineData("scrfd", 1)]
    [InlineData("yunet", 1)]
    [InlineData("yolo_face", 0)]
    public void Detect_ScoreOfTheLimit_IsKeptByAllButYolo(string id, int expected)
    {
        float limit = id == "yunet" ? 0.96f * (0.5f / 0.96f) : 0.5f;

        Assert.Equal(expected, Detect(id, Faces[3..], null, FindingGoldens.Orange(64, 64), limit).Count);
        Assert.Single(Detect(id, Faces[3..], null, FindingGoldens.Orange(64, 64), limit - 1e-6f));
    }

    [Fact]
    public void Detect_SmallFrame_IsNotEnlarged()
    {
        FaceCandidate found = Assert.Single(Detect("yunet", Faces[2..3], null, FindingGoldens.Orange(320, 240), 0.5f));

        Assert.Equal(20, found.Left, 1e-3f);
        Assert.Equal(66, found.Bottom, 1e-3f);
    }

    [Fact]
    public void Detect_Margins_AreTakenOffThePlaces()
    {
        // 50 percent of 400 and of 300, halved, are 100 and 75 pixels; with them the frame is 500x375 and not made smaller.
        FaceMargins margins = new() { Left = 50, Top = 50 };

        FaceCandidate found = Assert.Single(
            Detect("yolo_face", Faces[..1], null, FindingGoldens.Orange(400, 300), 0.5f, margins)
        );

        Assert.Equal(0, found.Left, 1e-3f);
        Assert.Equal(-25, found.Top, 1e-3f);
    }

    [Theory]
    [InlineData(2, 160)]
    [InlineData(2, 320)]
    public void Decode_Anchors_LieOnCornersOfCells(int each, int size)
    {
        using NetworkFolder folder = new();
        folder.Add(FindingCards.Scrfd, EveryAnchorOfTheLastGrid(size));
        using ModelSessions models = new(folder.ToCatalog());
        using FamilyDetector detector = FamilyDetector.Open(models, models.Catalog.Card("scrfd"), size);
        List<FaceCandidate> found = [];

        detector.Detect(FindingGoldens.Orange(32, 32), new DetectorView(32, 32, 0, new(), size), 0.5f, found);

        float[] corners = [.. found.SelectMany(face => new[] { face.Points[0], face.Points[1] })];
        if (FindingGoldens.All.Anchors.FirstOrDefault(a => a.Size == size && a.Each == each) is { } golden)
        {
            Assert.Equal(golden.Points, corners);
        }

        Assert.Equal(2 * (size / 32) * (size / 32), found.Count);
        Assert.Equal(0, corners.Min());
        Assert.Equal(size - 32, corners.Max());
    }

    [Fact]
    public void Open_OtherSizeThanTheFileTakes_IsRefused()
    {
        using NetworkFolder folder = new();
        folder.Add(FindingCards.Scrfd, DetectorNetworks.Anchors(640, Faces, isOpen: false));
        folder.Add(FindingCards.Yunet, DetectorNetworks.Yunet(640, Faces));
        using ModelSessions models = new(folder.ToCatalog());

        ModelException fixedSize = Assert.Throws<ModelException>(() =>
            FamilyDetector.Open(models, models.Catalog.Card("scrfd"), 320)
        );
        InvalidRecipeException onlyLarge = Assert.Throws<InvalidRecipeException>(() =>
            FamilyDetector.Open(models, models.Catalog.Card("yunet"), 320)
        );

        Assert.Equal("model-shape", fixedSize.Code);
        Assert.Equal("recipe-value", onlyLarge.Code);
    }

    [Fact]
    public void Open_FileOfAnotherFamily_IsRefused()
    {
        using NetworkFolder folder = new();
        folder.Add(FindingCards.Yunet, DetectorNetworks.Anchors(640, Faces));
        folder.Add(FindingCards.Scrfd with { Family = "blazeface" }, DetectorNetworks.Anchors(640, Faces));
        using ModelSessions models = new(folder.ToCatalog());

        foreach ((string id, string code) in new[] { ("yunet", "model-shape"), ("scrfd", "model-family") })
        {
            ModelException e = Assert.Throws<ModelException>(() =>
                FamilyDetector.Open(models, models.Catalog.Card(id), 640)
            );
            Assert.Equal(code, e.Code);
        }
    }

    private static List<FaceCandidate> Detect(
        string id,
        PlacedFace[] faces,
        ExpectedInput? expected,
        Frame frame,
        float minScore,
        FaceMargins? margins = null
    )
    {
        using NetworkFolder folder = new();
        _ = id switch
        {
            "yolo_face" => folder.Add(FindingCards.YoloFace, DetectorNetworks.Yolo(640, faces, expected)),
            "yunet" => folder.Add(FindingCards.Yunet, DetectorNetworks.Yunet(640, faces, expected)),
            "scrfd" => folder.Add(FindingCards.Scrfd, DetectorNetworks.Anchors(640, faces, expected)),
            _ => folder.Add(FindingCards.Retinaface, DetectorNetworks.Anchors(640, faces, expected, isOpen: false)),
        };
        using ModelSessions models = new(folder.ToCatalog());
        using FamilyDetector detector = FamilyDetector.Open(models, models.Catalog.Card(id), 640);
        DetectorView view = new(frame.Format.Width, frame.Format.Height, 0, margins ?? new(), 640);
        List<FaceCandidate> found = [];
        detector.Detect(frame, view, minScore, found);
        return found;
    }

    /// <summary>Nine outputs of which every anchor of stride 32 scores, with its points on itself.</summary>
    private static byte[] EveryAnchorOfTheLastGrid(int size)
    {
        OnnxBuilder net = new();
        net.Input("input", OnnxType.Float, 1, 3, size, size);
        foreach ((string name, int width) in new[] { ("score", 1), ("bbox", 4), ("kps", 10) })
        {
            foreach (int stride in new[] { 8, 16, 32 })
            {
                int count = 2 * (size / stride) * (size / stride);
                float[] values = new float[count * width];
                values.AsSpan().Fill(name == "kps" || (name == "score" && stride < 32) ? 0 : 0.75f);
                net.Output($"{name}_{stride}", net.Constant([count, width], values), OnnxType.Float, count, width);
            }
        }

        return net.ToBytes("every-anchor");
    }
}
