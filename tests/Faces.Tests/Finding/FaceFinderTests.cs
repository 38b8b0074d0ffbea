using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Finding;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Sampling;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Finding;

public sealed class FaceFinderTests
{
    internal static readonly PlacedFace First = new(
        100,
        50,
        180,
        150,
        0.9f,
        [120, 90, 160, 88, 141, 110, 125, 130, 158, 131]
    );
    private static readonly PlacedFace Second = new(
        300,
        200,
        420,
        330,
        0.75f,
        [330, 240, 390, 242, 362, 270, 335, 300, 388, 303]
    );

    [Theory]
    [InlineData("franck_02045.jpg", "retinaface", "2dfan4")]
    [InlineData("franck_04117.jpg", "yolo_face", "many")]
    [InlineData("audrey.jpg", "yunet", "peppa_wutz")]
    [InlineData("audrey.jpg", "many", "2dfan4")]
    public void Find_Portrait_AlignsItsFace(string photo, string detector, string landmarker) =>
        AssertAligned(photo, 0, new FaceFinding { Detector = detector, Landmarker = landmarker }, rotation: 0);

    [Theory]
    [InlineData(90, 90, 0)]
    [InlineData(270, 270, 0)]
    [InlineData(180, 180, 0)]
    [InlineData(90, 0, 270)]
    [InlineData(270, 0, 90)]
    [InlineData(180, 0, 180)]
    public void Find_TurnedPortrait_IsAlignedByAngleOrRotation(int clockwise, int angle, int rotation) =>
        AssertAligned("franck_02045.jpg", clockwise, new FaceFinding { Angles = [angle] }, rotation);

    [Fact]
    public void Find_Faces_ComeInOrderOfScoreWithWhatWasAskedFor()
    {
        using NetworkFolder folder = FindingNetworks.Folder(Second, First);
        using ModelSessions models = new(folder.ToCatalog());
        Frame frame = FindingGoldens.Orange(640, 480);
        using FaceFinder plain = new(models, new FaceFinding());
        using FaceFinder detailed = new(models, new FaceFinding(), FaceDetails.Embedding | FaceDetails.Attributes);

        IReadOnlyList<FoundFace> faces = plain.Find(frame);

        Assert.Equal([0.9f, 0.75f], faces.Select(face => face.Box.Score));
        Assert.All(faces, face => Assert.Null(face.Embedding));
        Assert.All(faces, face => Assert.Null(face.Attributes));
        Assert.Equal(First.Points, faces[0].DetectedPoints.ToArray().Select(v => MathF.Round(v)));
        Assert.Equal(0.9f, faces[0].LandmarkScore!.Value, 1e-4f);
        Assert.All(detailed.Find(frame), face => Assert.Equal(512, face.Embedding!.Length));
        Assert.All(detailed.Find(frame), face => Assert.Equal(new AgeRange(30, 39), face.Attributes!.Value.Age));
    }

    [Theory]
    [InlineData(0.85, 0.81f, true)]
    [InlineData(0.95, 0.81f, false)]
    [InlineData(0.99, 0.95f, true)]
    [InlineData(1, 0.95f, false)]
    [InlineData(0, 0.81f, false)]
    public void Find_LandmarkScore_DecidesWhichFivePointsCount(double limit, float peak, bool isNetworks)
    {
        float[] plain = [.. LandmarkNetworks.PlainFace().Select(v => v * 64)];
        using NetworkFolder folder = new();
        folder.Add(FindingCards.YoloFace, DetectorNetworks.Yolo(640, [First]));
        folder.Add(FindingCards.Fan, LandmarkNetworks.Fan(plain, FindingNetworks.Same(peak)));
        folder.Add(FindingCards.Expander, LandmarkNetworks.Expander());
        using ModelSessions models = new(folder.ToCatalog());
        using FaceFinder finder = new(models, new FaceFinding { LandmarkerScore = limit });

        FoundFace face = Assert.Single(finder.Find(FindingGoldens.Orange(640, 480)));

        // The landmark network puts a plain face in the middle of its crop, which is not where the detector's points are.
        float[] five = new float[10];
        SixtyEightPoints.ToFive(face.Points68, five);
        Assert.Equal(limit > 0, face.LandmarkScore is not null);
        Assert.Equal(isNetworks, face.Points.SequenceEqual(five));
        Assert.Equal(!isNetworks, face.Points.SequenceEqual(face.DetectedPoints));
    }

    [Fact]
    public void Find_SameFaceByThreeDetectorsAndTwoAngles_IsOne()
    {
        // In a square frame a face in the middle lies at the same place at 180 degrees.
        PlacedFace middle = new(270, 270, 370, 370, 0.9f, [295, 300, 345, 300, 320, 320, 300, 345, 340, 345]);
        using NetworkFolder folder = FindingNetworks.Folder(middle);
        using ModelSessions models = new(folder.ToCatalog());
        using FaceFinder finder = new(models, new FaceFinding { Detector = "many", Angles = [0, 180] });

        Assert.Single(finder.Find(FindingGoldens.Orange(640, 640)));
    }

    [Theory]
    [InlineData("yolo_face", 2)]
    [InlineData("many", 1)]
    public void Find_OverlapOfAThird_IsOneFaceForManyDetectorsOnly(string detector, int expected)
    {
        PlacedFace right = First with { Left = First.Left + 40, Right = First.Right + 40 };
        using NetworkFolder folder = FindingNetworks.Folder(First, right);
        using ModelSessions models = new(folder.ToCatalog());
        using FaceFinder finder = new(models, new FaceFinding { Detector = detector });

        Assert.Equal(expected, finder.Find(FindingGoldens.Orange(640, 480)).Count);
    }

    /// <summary>Places that are none. (An answer that is no number is an error of the network.)</summary>
    [Fact]
    public void Find_BrokenAnswers_AreNoFaces()
    {
        PlacedFace[] broken =
        [
            First with
            {
                Right = First.Left,
            },
            Second with
            {
                Points = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5],
            },
        ];
        using NetworkFolder folder = FindingNetworks.Folder(broken);
        using ModelSessions models = new(folder.ToCatalog());
        using FaceFinder finder = new(models, new FaceFinding());

        Assert.Empty(finder.Find(FindingGoldens.Orange(640, 480)));
    }

    [Fact]
    public void Find_SteadyState_AllocatesNothing()
    {
        using NetworkFolder folder = FindingNetworks.Folder(First, Second);
        using ModelSessions models = new(folder.ToCatalog());
        FaceFinding settings = new()
        {
            Detector = "many",
            Landmarker = "many",
            Angles = [0, 90],
        };
        using FaceFinder finder = new(models, settings, FaceDetails.Embedding | FaceDetails.Attributes);
        Frame frame = FindingGoldens.Orange(640, 480);
        long before = 0;
        for (int i = 0; i < 4; i++)
        {
            before = i == 2 ? GC.GetAllocatedBytesForCurrentThread() : before;
            finder.Find(frame);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void New_ModelThatIsNotThere_IsRefusedByName()
    {
        using NetworkFolder folder = new();
        folder.Add(FindingCards.YoloFace, DetectorNetworks.Yolo(640, [First]));
        using ModelSessions models = new(folder.ToCatalog());

        ModelException detector = Assert.Throws<ModelException>(() =>
            new FaceFinder(models, new FaceFinding { Detector = "yolo_five" })
        );
        ModelException expander = Assert.Throws<ModelException>(() => new FaceFinder(models, new FaceFinding()));

        Assert.Contains("yolo_five", detector.Message, StringComparison.Ordinal);
        Assert.Contains("fan-68-5", expander.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidRecipeException>(() => new FaceFinder(models, new FaceFinding { Angles = [45] }));
    }

    /// <summary>The built-in mesh finds the face in the aligned crop where the template has it.</summary>
    private static void AssertAligned(string name, int clockwise, FaceFinding settings, int rotation)
    {
        const int Size = 256;
        using FrameAnalyser analyser = new(TestModels.BuiltIn);
        (Frame upright, FaceBox box, float[] five) = PortraitNetworks.Measure(analyser, name);
        Frame photo = PortraitNetworks.Turn(upright, clockwise);
        using NetworkFolder folder = PortraitNetworks.Folder(upright, box, five);
        using ModelSessions models = new(folder.ToCatalog());
        using FaceFinder finder = new(models, settings, FaceDetails.None, rotation);

        FoundFace face = Assert.Single(finder.Find(photo));

        Assert.Equal(clockwise, face.Angle);
        float[] rgb = new float[3 * Size * Size];
        CropSampler.ToRgb(photo, FaceTemplate.Ffhq512.CropToFrame(face.Points, Size), Size, Size, 1, 0, rgb);
        Frame crop = ToFrame(rgb, Size);
        FaceBox place = new(0.22f * Size, 0.3f * Size, 0.56f * Size, 0.56f * Size, 1, 0);
        float[] found = PortraitNetworks.FivePoints(analyser, crop, place);
        ReadOnlySpan<float> template = FaceTemplate.Ffhq512.Fractions;
        for (int i = 0; i < 10; i++)
        {
            // Faces differ from the template by some percent of the crop; a turned or mirrored one by tens.
            Assert.Equal(template[i] * Size, found[i], 0.05f * Size);
        }
    }

    private static Frame ToFrame(float[] rgb, int size)
    {
        int plane = size * size;
        float[] yuv = new float[3 * plane];
        RgbToYuv.Convert(
            YuvMatrix.Bt601,
            rgb.AsSpan(0, plane),
            rgb.AsSpan(plane, plane),
            rgb.AsSpan(2 * plane),
            yuv.AsSpan(0, plane),
            yuv.AsSpan(plane, plane),
            yuv.AsSpan(2 * plane)
        );
        return FindingGoldens.ColorFrame(
            size,
            size,
            (x, y) =>
            {
                int at = (y * size) + x;
                return (Byte(yuv[at]), Byte(yuv[plane + at] + 128), Byte(yuv[(2 * plane) + at] + 128));
            }
        );
    }

    private static byte Byte(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);
}
