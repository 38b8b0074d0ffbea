using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Landmarks;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Tests.Finding;
using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Landmarks;

public sealed class FaceLandmarkerTests
{
    private static readonly FaceBox Box = new(300, 100, 130, 195, 0.9f, 0);
    private static readonly float[] Plain = [.. LandmarkNetworks.PlainFace().Select(v => v * 64)];

    [Theory]
    [InlineData("2dfan4", 0.45f, 0.5f)]
    [InlineData("2dfan4", 0.99f, 1f)]
    [InlineData("peppa_wutz", 0.475f, 0.5f)]
    [InlineData("peppa_wutz", 0.99f, 1f)]
    public void Find_Score_IsTheMeanOverAllPointsInTheFamilysRange(string id, float mean, float expected)
    {
        // Maps whose peaks lie around the mean.
        float[] peaks = [.. Enumerable.Range(0, 68).Select(i => mean + (i % 2 == 0 ? 0.01f : -0.01f))];
        (float score, _) = Find(id, Box, 0, LandmarkNetworks.Fan(Plain, peaks), LandmarkNetworks.Peppa(Plain, peaks));

        Assert.Equal(expected, score, 1e-4f);
    }

    [Theory]
    [InlineData("2dfan4")]
    [InlineData("peppa_wutz")]
    public void Find_Points_AreLaidBackIntoTheFrame(string id)
    {
        (_, float[] xy) = Find(id, Box, 0);

        // The box is 195 pixels high, so the crop is the frame's 256x256 pixels around its middle.
        float[] expected =
        [
            .. LandmarkNetworks.PlainFace().Select((v, i) => (v * 256) + (i % 2 == 0 ? 365 - 128 : 197.5f - 128)),
        ];
        AssertClose(expected, xy, 0.01f);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public void Find_TurnedFace_GivesTurnedPoints(int angle)
    {
        (_, float[] upright) = Find("2dfan4", Box, 0);
        (_, float[] turned) = Find("2dfan4", Box, angle);

        // Turned clockwise about the middle of the crop's pixels, half a pixel off the middle of the box.
        (float sin, float cos) = MathF.SinCos(angle * MathF.PI / 180);
        float[] expected = new float[136];
        for (int i = 0; i < 136; i += 2)
        {
            float x = upright[i] - 364.5f;
            float y = upright[i + 1] - 197;
            expected[i] = 364.5f + (x * cos) - (y * sin);
            expected[i + 1] = 197 + (x * sin) + (y * cos);
        }

        AssertClose(expected, turned, 0.01f);
        Assert.Equal(angle, SixtyEightPoints.Angle(turned), 0.5f);
    }

    [Theory]
    [InlineData("2dfan4")]
    [InlineData("peppa_wutz")]
    public void Find_Picture_IsFedBlueGreenRedAfterTheRoundTrip(string id)
    {
        byte[][] bgr = [.. FindingGoldens.OrangeRgb.Reverse().Select(v => new[] { (byte)(v + 0.5f) })];
        byte[][] lab = [new byte[1], new byte[1], new byte[1]];
        Lab8.FromRgb(bgr[0], bgr[1], bgr[2], lab[0], lab[1], lab[2]);
        Lab8.ToRgb(lab[0], lab[1], lab[2], bgr[0], bgr[1], bgr[2]);
        ExpectedInput expected = new([.. bgr.Select(v => v[0] / 255f)], 0.5f / 255);
        float[] peaks = FindingNetworks.Same(0.9f);

        (float score, _) = Find(
            id,
            Box,
            0,
            LandmarkNetworks.Fan(Plain, peaks, expected),
            LandmarkNetworks.Peppa(Plain, peaks, expected)
        );

        Assert.True(score > 0.9f, $"{score}");
    }

    [Fact]
    public void Fill_LargeFace_TakesOneTapOfThreePixels()
    {
        LandmarkCrop crop = new();
        FaceBox box = new(100, 100, 300, 585, 0.9f, 0);

        crop.Fill(FindingGoldens.GrayFrame(800, 800), box, 0);

        // Three frame pixels a crop pixel, around the middle of the box. Gray loses at most a level on its way to L*a*b* and back.
        for (int at = 0; at < 256 * 256; at += 97)
        {
            int x = 250 - 384 + (3 * (at % 256));
            int y = 392 - 384 + (3 * (at / 256));
            int level = x is < 0 or >= 800 || y is < 0 or >= 800 ? 0 : FindingGoldens.Level(x, y);
            int below = x is < 0 or >= 800 || y is < -1 or >= 799 ? 0 : FindingGoldens.Level(x, y + 1);
            Assert.InRange(crop.Bgr[at] - ((level + below) / 2f), -2, 2);
        }
    }

    [Theory]
    [InlineData(0.5f, 0.69f, "2dfan4")]
    [InlineData(0.5f, 0.71f, "peppa_wutz")]
    [InlineData(0.1f, 0.05f, "2dfan4")]
    public void Find_Many_TakesPeppaOnlyIfItLeads(float fan, float peppa, string expected)
    {
        byte[] fanNet = LandmarkNetworks.Fan(Plain, FindingNetworks.Same(fan * 0.9f));
        byte[] peppaNet = LandmarkNetworks.Peppa([.. Plain.Select(v => v + 1)], FindingNetworks.Same(peppa * 0.95f));

        (float score, float[] xy) = Find("many", Box, 0, fanNet, peppaNet);

        (float own, float[] points) = Find(expected, Box, 0, fanNet, peppaNet);
        Assert.Equal(own, score);
        Assert.Equal(points, xy);
    }

    [Fact]
    public void Find_OnlyPeppaWithALowScore_StillGivesPoints()
    {
        byte[] net = LandmarkNetworks.Peppa(Plain, FindingNetworks.Same(0.1f * 0.95f));

        (float score, float[] xy) = Find("peppa_wutz", Box, 0, peppa: net);

        Assert.Equal(0.1f, score, 1e-4f);
        Assert.True(xy.All(v => v > 0));
    }

    [Fact]
    public void ToFive_Points_AreMiddlesOfEyesNoseAndMouthCorners()
    {
        float[] xy = [.. Enumerable.Range(0, 136).Select(i => (float)(i * i))];
        float[] five = new float[10];

        SixtyEightPoints.ToFive(xy, five);

        Assert.Equal(xy.Skip(72).Take(12).Where((_, i) => i % 2 == 0).Average(), five[0]);
        Assert.Equal(xy.Skip(84).Take(12).Where((_, i) => i % 2 == 1).Average(), five[3]);
        Assert.Equal([xy[60], xy[61], xy[96], xy[97], xy[108], xy[109]], five[4..]);
    }

    [Fact]
    public void Expand_FivePoints_LaysTheFaceOnThem()
    {
        using NetworkFolder folder = new();
        folder.Add(FindingCards.Expander, LandmarkNetworks.Expander());
        using ModelSessions models = new(folder.ToCatalog());
        using PointExpander expander = new(models, models.Catalog.Card("fan_68_5"));
        float[] five = [700, 500, 705, 560, 660, 532, 610, 506, 612, 558];
        float[] xy = new float[136];
        float[] back = new float[10];

        expander.Expand(five, xy);

        // A face on its side: the five lie on a similarity of the template but for the noise in them.
        Assert.Equal(90, SixtyEightPoints.Angle(xy), 8f);
        SixtyEightPoints.ToFive(xy, back);
        AssertClose(five, back, 12);
    }

    [Fact]
    public void Open_OtherShape_IsRefused()
    {
        ModelException e = Assert.Throws<ModelException>(() =>
            Find("2dfan4", Box, 0, fan: LandmarkNetworks.Peppa(Plain, Plain[..68]))
        );

        Assert.Equal("model-shape", e.Code);
    }

    private static (float Score, float[] Xy) Find(
        string model,
        FaceBox box,
        int angle,
        byte[]? fan = null,
        byte[]? peppa = null
    )
    {
        using NetworkFolder folder = new();
        float[] same = FindingNetworks.Same(0.8f);
        folder.Add(FindingCards.Fan, fan ?? LandmarkNetworks.Fan(Plain, same));
        folder.Add(FindingCards.Peppa, peppa ?? LandmarkNetworks.Peppa(Plain, same));
        using ModelSessions models = new(folder.ToCatalog());
        using FaceLandmarker landmarker = new(models, model);
        Frame frame = FindingGoldens.Orange(720, 480);
        float[] xy = new float[136];
        return (landmarker.Find(frame, box, angle, xy), xy);
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
