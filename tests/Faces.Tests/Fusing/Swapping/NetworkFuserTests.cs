using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Fusing.Swapping;
using FaceFusion.Batch.Faces.Masking;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Faces.Tests.Goldens;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Patches;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Fusing.Swapping;

public sealed class NetworkFuserTests
{
    private static readonly SourceFace[] Photos = [SwapSetup.Photo(0)];
    private static readonly SwapLook Warm = new() { Tint = new PerChannel(.1f, 0, -.05f) };

    [Fact]
    public void BlendCrop_OpenCvsPaste_IsNearItsTruncatedBytes()
    {
        const int Size = 64;
        float[] rgb = new float[3 * Size * Size];
        for (int i = 0; i < Size * Size; i++)
        {
            int x = i % Size,
                y = i / Size;
            rgb[i] = 100 + (60 * MathF.Sin((x + y) / 10f));
            rgb[(Size * Size) + i] = 120 + (90 * MathF.Cos(y / 8f));
            rgb[(2 * Size * Size) + i] = 128 + (90 * MathF.Sin(x / 9f));
        }

        float[] mask = new float[Size * Size];
        BoxMask.Fill(mask, Size, 0.5f, 0, 0, 0, 0);
        Frame frame = FusingGolden.Frame();
        AffineMatrix toFrame = FaceTemplate.Arcface128.CropToFrame(FusingGolden.Points("corner"), Size);
        PasteBack.BlendCrop(frame, toFrame, Size, Size, rgb, mask);

        AssertNearTruncated(FusingGolden.Bytes("paste-corner"), frame, 0.8, 3);
    }

    /// <summary>Wholly inside the frame; and across a corner, where the crop shows the edge repeated.</summary>
    [Theory]
    [InlineData("inside")]
    [InlineData("corner")]
    public void Fuse_Tint_IsTheSwapOfOpenCvAndNumpy(string pose)
    {
        ModelCard card = Small(SwapCards.Of("inswapper_128"), 64);
        using SwapSetup setup = Setup(card, Warm);
        using NetworkFuser fuser = setup.Fuser();
        Frame frame = FusingGolden.Frame();
        byte[] before = frame.Bytes.ToArray();
        fuser.Fuse(frame, SwapSetup.Face(FusingGolden.Points(pose)));

        AssertNearTruncated(FusingGolden.Bytes($"swap-{pose}"), frame, 0.8, 3);
        Assert.True(MaskCheck.ThrowIfOutsideChanged(before, frame, fuser) > 500);
    }

    [Fact]
    public void Split_Tiles_AreEveryKthPixel()
    {
        var golden = FusingGolden.Values.GetProperty("boost");
        int k = golden.GetProperty("k").GetInt32();
        int size = golden.GetProperty("tile").GetInt32();
        float[] crop = [.. Enumerable.Range(0, 3 * k * size * k * size).Select(i => (float)i)];
        float[] merged = new float[crop.Length];
        float[] tile = new float[3 * size * size];
        for (int t = 0; t < k * k; t++)
        {
            PixelBoost.Split(crop, size, k, t, tile);
            Assert.Equal(FusingGolden.Numbers(golden.GetProperty("tiles")[t]), tile);
            PixelBoost.Merge(tile, size, k, t, merged);
        }

        Assert.Equal(crop, merged);
    }

    /// <summary>Tiles one by one and all in one run give the same bytes, and both the finer picture that a boost is for.</summary>
    [Fact]
    public void Fuse_Boosted_OpenBatchOrNot_IsTheSameAndFiner()
    {
        ModelCard card = Small(SwapCards.Of("inswapper_128"), 32);
        byte[] original = FusingGolden.Bytes("frame");
        SwapLook look = new() { PerSource = new PerChannel(1e-5f) };
        using SwapSetup closed = Setup(card, look);
        using SwapSetup open = Setup(card, look, openBatch: true);
        Assert.False(closed.Network.TakesBatches);
        Assert.True(open.Network.TakesBatches);

        byte[] plain = Fused(closed, null);
        byte[] oneByOne = Fused(closed, 128);
        Assert.Equal(oneByOne, Fused(open, 128));
        Assert.True(
            Difference(oneByOne) < 0.7 * Difference(plain),
            $"{Difference(oneByOne):F2}, {Difference(plain):F2}"
        );

        byte[] Fused(SwapSetup setup, int? boost)
        {
            using NetworkFuser fuser = setup.Fuser(new NetworkSwapSettings { PixelBoost = boost });
            Frame frame = FusingGolden.Frame();
            fuser.Fuse(frame, SwapSetup.Face(FusingGolden.Points("inside")));
            return frame.Bytes.ToArray();
        }

        double Difference(byte[] bytes) => bytes.Zip(original, (a, b) => (double)Math.Abs(a - b)).Sum();
    }

    /// <summary>The network makes everything blue, which the occluder of the tests takes for something in front.</summary>
    [Fact]
    public void Fuse_Occlusion_IsFoundBeforeTheSwap()
    {
        NetworkFolder folder = SwapCards.Folder("hyperswap_1a_256", new SwapLook { Tint = new PerChannel(0, 0, 1) });
        folder.Add(SwapCards.Occluder("xseg_1"), MaskNetworks.Occluder("xseg_1"));
        using SwapSetup setup = new(folder, "hyperswap_1a_256", Photos);
        MaskSettings mask = new() { Types = [MaskType.Occlusion] };
        using NetworkFuser fuser = setup.Fuser(new NetworkSwapSettings { Mask = mask });
        Frame frame = FusingGolden.Frame();
        frame.Plane(0).Fill(50);
        frame.Bytes[frame.Format.LumaBytes..].Fill(128);
        fuser.Fuse(frame, SwapSetup.Face(FusingGolden.Points("inside")));
        Assert.Equal(1, Largest(fuser.Mask), 1e-4f);
    }

    [Fact]
    public void Fuse_StrengthAndMask_SayHowMuchWasReplaced()
    {
        using SwapSetup setup = Setup(Small(SwapCards.Of("inswapper_128"), 64), Warm);
        using NetworkFuser half = setup.Fuser(new NetworkSwapSettings { Strength = 0.5 });
        Frame frame = FusingGolden.Frame();
        half.Fuse(frame, SwapSetup.Face(FusingGolden.Points("inside")));
        Assert.Equal(half.Region.Area, half.Mask.Length);
        Assert.Equal(0.5f, Largest(half.Mask), 1e-4f);

        using NetworkFuser none = setup.Fuser(new NetworkSwapSettings { Strength = 0 });
        frame = FusingGolden.Frame();
        none.Fuse(frame, SwapSetup.Face(FusingGolden.Points("inside")));
        Assert.True(none.Region.IsEmpty && none.Mask.IsEmpty);
        Assert.Equal(FusingGolden.Bytes("frame"), frame.Bytes.ToArray());
    }

    [Fact]
    public void Fuse_FacesThatCannotBeAligned_LeaveTheFrame()
    {
        using SwapSetup setup = Setup(Small(SwapCards.Of("inswapper_128"), 64), Warm);
        using NetworkFuser fuser = setup.Fuser();
        using NetworkFuser area = setup.Fuser(
            new NetworkSwapSettings { Mask = new MaskSettings { Types = [MaskType.Area] } }
        );
        float[] inside = FusingGolden.Points("inside");
        Frame frame = FusingGolden.Frame();
        fuser.Fuse(frame, new TrackedFace());
        fuser.Fuse(frame, SwapSetup.Face([.. inside.Select(_ => float.NaN)]));
        fuser.Fuse(frame, SwapSetup.Face([.. inside.Select(_ => 40f)]));
        fuser.Fuse(frame, SwapSetup.Face([.. inside.Select(v => v + 4000)]));
        fuser.Fuse(frame, SwapSetup.Face([.. inside.Select(v => v * 1e30f)]));
        area.Fuse(frame, SwapSetup.Face(inside));
        Assert.True(fuser.Region.IsEmpty && area.Region.IsEmpty);
        Assert.Equal(FusingGolden.Bytes("frame"), frame.Bytes.ToArray());
    }

    [Theory]
    [InlineData("simswap_unofficial_512", 768)]
    [InlineData("blendswap_256", 384)]
    [InlineData("inswapper_128", 200)]
    public void NetworkFuser_BoostThatIsNoMultiple_IsRefused(string id, int boost)
    {
        using SwapSetup setup = new(id, SwapLook.Identity, Photos);
        InvalidRecipeException e = Assert.Throws<InvalidRecipeException>(() =>
            setup.Fuser(new NetworkSwapSettings { PixelBoost = boost })
        );
        Assert.Contains("pixelBoost", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SwapNetwork_FileOfAnotherFamily_IsRefused()
    {
        using NetworkFolder folder = new();
        ModelCard card = SwapCards.Of("hyperswap_1a_256");
        folder.Add(card, SwapNetworks.Converter("other"));
        using ModelSessions sessions = new(folder.ToCatalog());
        Assert.Equal(
            "model-shape",
            Assert.Throws<ModelException>(() => new SwapNetwork(sessions, sessions.Catalog.Card(card.Id))).Code
        );
    }

    private static ModelCard Small(ModelCard card, int size) =>
        card with
        {
            Input = card.Input! with { Width = size, Height = size },
        };

    private static SwapSetup Setup(ModelCard card, SwapLook look, bool openBatch = false)
    {
        NetworkFolder folder = new();
        folder.Add(SwapCards.Recogniser, SwapNetworks.Recogniser(SwapCards.Recogniser.Id));
        folder.Add(card, SwapNetworks.Swapper(card, look, openBatch));
        return new SwapSetup(folder, card.Id, Photos);
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, value);
        }

        return largest;
    }

    /// <summary>
    /// FaceFusion cuts to whole levels of B, G and R what is rounded here in Y, U and V: its pixels are half a level darker in the mean,
    /// and a rounded chroma sample is up to 0.9 of a level of blue. Pixels that neither touched are left out of the mean.
    /// </summary>
    private static void AssertNearTruncated(byte[] golden, Frame frame, double mostMean, double mostWorst)
    {
        float[] expected = FusingGolden.Planar(golden);
        float[] found = FusingGolden.ToRgb(frame);
        float[] untouched = FusingGolden.ToRgb(FusingGolden.Frame());
        List<float> a = [];
        List<float> b = [];
        for (int i = 0; i < expected.Length; i++)
        {
            if (Math.Abs(expected[i] - untouched[i]) > 1)
            {
                a.Add(found[i]);
                b.Add(expected[i]);
            }
        }

        (double mean, double worst, double bias) = FusingGolden.Compare([.. a], [.. b]);
        Assert.True(a.Count > 3000, $"{a.Count} samples");
        Assert.True(
            mean < mostMean && worst < mostWorst && bias is > 0.2 and < 0.8,
            $"mean {mean:F3}, worst {worst:F2}, bias {bias:F3}"
        );
    }
}
