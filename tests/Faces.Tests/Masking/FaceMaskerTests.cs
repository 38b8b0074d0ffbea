using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Masking;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Tests.Goldens;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Masking;

public sealed class FaceMaskerTests : IDisposable
{
    private const int Size = 96;
    private const int Pixels = Size * Size;

    private readonly NetworkFolder _folder = new();
    private readonly ModelSessions _sessions;

    public FaceMaskerTests()
    {
        for (int i = 0; i < 3; i++)
        {
            string id = $"xseg_{i + 1}";
            _folder.Add(SwapCards.Occluder(id), MaskNetworks.Occluder(id, channel: i));
        }

        _folder.Add(SwapCards.Parser, MaskNetworks.Parser(SwapCards.Parser.Id));
        _sessions = new ModelSessions(_folder.ToCatalog());
    }

    public void Dispose()
    {
        _sessions.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void AreaFill_EachSet_IsTheHullThatOpenCvFills()
    {
        byte[] golden = FusingGolden.Bytes("areas");
        float[] points = FusingGolden.Numbers(FusingGolden.Values.GetProperty("outline").GetProperty("points"));
        float[] mask = new float[Pixels];
        int at = 0;
        foreach (JsonElement set in FusingGolden.Values.GetProperty("areas").EnumerateArray())
        {
            FaceArea[] areas =
            [
                .. set.EnumerateArray().Select(name => JsonSerializer.Deserialize<FaceArea>(name.GetRawText())),
            ];
            new AreaMask(areas, Size).Fill(points, mask);

            // Its hull is drawn in whole pixels, ours anti-aliased: up to half a pixel of an edge that takes six.
            AssertNear(golden.AsSpan(at, Pixels), mask, 0.005, 0.07);
            at += Pixels;
        }
    }

    [Fact]
    public void OcclusionFill_OneAndMany_AreThoseOfOpenCv()
    {
        byte[] golden = FusingGolden.Bytes("occlusion");
        float[] rgb = FusingGolden.Planar(FusingGolden.Bytes("masked-crop"));
        float[] mask = new float[Pixels];
        using (OcclusionMask one = new(_sessions, "xseg_1", Size))
        {
            one.Fill(rgb, mask);
        }

        // It resizes pictures of bytes, which rounds to whole levels: 2 · 0.5 / 255 at the net, twice that behind the threshold.
        AssertNear(golden.AsSpan(0, Pixels), mask, 0.003, 0.012);
        using OcclusionMask many = new(_sessions, MaskSettings.ManyOccluders, Size);
        many.Fill(rgb, mask);
        AssertNear(golden.AsSpan(Pixels), mask, 0.003, 0.012);
    }

    [Fact]
    public void RegionFill_ChosenRegions_AreThoseOfOpenCv()
    {
        float[] rgb = FusingGolden.Planar(FusingGolden.Bytes("masked-crop"));
        float[] mask = new float[Pixels];
        FaceRegion[] regions =
        [
            .. FusingGolden
                .Values.GetProperty("regions")
                .GetProperty("names")
                .EnumerateArray()
                .Select(name => JsonSerializer.Deserialize<FaceRegion>(name.GetRawText())),
        ];
        using RegionMask region = new(_sessions, SwapCards.Parser.Id, regions, Size);
        region.Fill(rgb, mask);

        // A pixel of 512 may fall to the other class where a rounded level decides.
        AssertNear(FusingGolden.Bytes("regions"), mask, 0.003, 0.03);
    }

    [Fact]
    public void Choose_AnyScores_IsTheFirstHighest()
    {
        const int Plane = 37;
        Random random = new(5);
        bool[] classes = [.. Enumerable.Range(0, RegionMask.Classes).Select(i => i % 3 == 1)];
        float[] scores = [.. Enumerable.Range(0, RegionMask.Classes * Plane).Select(_ => (float)random.Next(-4, 5))];
        float[] expected = new float[Plane];
        for (int i = 0; i < Plane; i++)
        {
            int best = Enumerable.Range(0, RegionMask.Classes).MaxBy(c => scores[(c * Plane) + i]);
            expected[i] = classes[best] ? 1 : 0;
        }

        float[] chosen = new float[Plane];
        RegionMask.Choose(scores, classes, chosen);
        Assert.Equal(expected, chosen);
    }

    [Fact]
    public void End_BoxAndOcclusionBeforeTheSwap_AreaAndRegionAfterIt()
    {
        float[] before = new float[3 * Pixels];
        float[] after = new float[3 * Pixels];
        Array.Fill(before, 90);
        Array.Fill(after, 90);

        // Upper half: blue before the swap, so something is in front. Left half: red after it, so it is no face any more.
        before.AsSpan((2 * Pixels), Pixels / 2).Fill(255);
        for (int y = 0; y < Size; y++)
        {
            after.AsSpan(y * Size, Size / 2).Fill(255);
        }

        MaskSettings settings = new() { Types = [MaskType.Occlusion, MaskType.Region] };
        using FaceMasker masker = new(_sessions, settings, Size);
        masker.Begin(before);
        ReadOnlySpan<float> mask = masker.End(after, []);

        // The bands of classes 10 to 13 lie in the lower half; 1 and 2 and so on in the upper one.
        int row = (int)(Size * 12.0 / 19) * Size;
        Assert.InRange(mask[row + (Size * 3 / 4)], 0.5f, 1);
        Assert.Equal(0, mask[row + (Size / 4)], 0.01f);
        Assert.Equal(0, mask[(int)(Size * 3.5 / 19) * Size + (Size * 3 / 4)], 0.01f);
    }

    [Fact]
    public void End_AllKinds_IsTheLeastOfEach()
    {
        float[] rgb = FusingGolden.Planar(FusingGolden.Bytes("masked-crop"));
        float[] points = FusingGolden.Numbers(FusingGolden.Values.GetProperty("outline").GetProperty("points"));
        MaskType[] kinds = Enum.GetValues<MaskType>();
        float[][] single = [.. kinds.Select(kind => Masked([kind]))];
        float[] all = Masked(kinds);
        for (int i = 0; i < Pixels; i++)
        {
            Assert.Equal(single.Min(mask => mask[i]), all[i]);
        }

        float[] Masked(MaskType[] types)
        {
            using FaceMasker masker = new(_sessions, new MaskSettings { Types = types, Blur = 0.5 }, Size);
            masker.Begin(rgb);
            masker.End(rgb, points);
            masker.Begin(rgb);
            return masker.End(rgb, points).ToArray();
        }
    }

    [Fact]
    public void FaceMasker_NoKind_IsRefusedByName()
    {
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(() =>
            new FaceMasker(_sessions, new MaskSettings { Types = [] }, Size)
        );
        Assert.Equal("mask-types-empty", e.Code);
        Assert.Contains("box, occlusion, area, region", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OcclusionMask_NetWithChannelsFirst_IsRefused()
    {
        ModelCard wrong = SwapCards.Occluder("xseg_wrong");
        using NetworkFolder folder = new();
        folder.Add(wrong, MaskNetworks.Parser(wrong.Id));
        using ModelSessions sessions = new(folder.ToCatalog());
        Assert.Equal(
            "model-shape",
            Assert.Throws<ModelException>(() => new OcclusionMask(sessions, wrong.Id, Size)).Code
        );
    }

    private static void AssertNear(ReadOnlySpan<byte> golden, float[] mask, double mean, double worst)
    {
        float[] expected = new float[golden.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = golden[i] / 255f;
        }

        // The golden itself is in steps of 1/255.
        (double foundMean, double foundWorst, _) = FusingGolden.Compare(mask, expected);
        Assert.True(
            foundMean < mean + (0.25 / 255) && foundWorst < worst + (0.5 / 255),
            $"mean {foundMean:F4}, worst {foundWorst:F3}"
        );
        Assert.Contains(expected, value => value > 0.5f);
        Assert.Contains(expected, value => value == 0);
    }
}
