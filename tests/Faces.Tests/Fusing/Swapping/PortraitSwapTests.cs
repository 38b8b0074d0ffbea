using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Fusing.Swapping;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Scanning;
using FaceFusion.Batch.Faces.Tests.Goldens;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Patches;
using FaceFusion.Batch.TestNetworks;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Fusing.Swapping;

/// <summary>Every family on a real portrait, found, aligned, swapped, masked and put back.</summary>
public sealed class PortraitSwapTests : IClassFixture<PortraitSwapTests.Portraits>
{
    private readonly Portraits _portraits;

    public PortraitSwapTests(Portraits portraits) => _portraits = portraits;

    public static TheoryData<string> Families => [.. SwapCards.Swappers.Select(card => card.Id)];

    /// <summary>What comes back is what was there: no seam, no shift, no change of colour.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Fuse_NetworkThatChangesNothing_LeavesTheFaceAsItWas(string id)
    {
        using SwapSetup setup = new(id, SwapLook.Identity, [_portraits.Source], openBatch: true);
        using NetworkFuser fuser = setup.Fuser(new NetworkSwapSettings { PixelBoost = 512 });
        Frame frame = _portraits.Show();
        fuser.Fuse(frame, _portraits.Face);

        // A crop finer than the frame blurs the grain of single pixels on its two ways: 1.6 to 1.8 levels in the mean.
        (double mean, double bias, float x, float y) = Change(frame, fuser.Region, fuser.Mask);
        Assert.True(mean < 2.2 && Math.Abs(bias) < 0.1, $"mean {mean:F3}, bias {bias:F3}");
        Assert.True(Math.Abs(x) < 0.02f && Math.Abs(y) < 0.02f, $"shifted by {x:F3}, {y:F3}");
        MaskCheck.ThrowIfOutsideChanged(_portraits.Bytes, frame, fuser);
    }

    /// <summary>A tint shows in the colours that it is of, as much as the mask says, and nowhere else.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Fuse_NetworkThatTints_TintsTheMaskedFaceAlone(string id)
    {
        SwapLook look = new() { Tint = new PerChannel(0.12f, 0, -0.12f) };
        using SwapSetup setup = new(id, look, [_portraits.Source], openBatch: true);
        using NetworkFuser fuser = setup.Fuser(new NetworkSwapSettings { PixelBoost = 512 });
        Frame frame = _portraits.Show();
        fuser.Fuse(frame, _portraits.Face);

        float[] before = FusingGolden.ToRgb(_portraits.Original);
        float[] after = FusingGolden.ToRgb(frame);
        int plane = frame.Format.Width * frame.Format.Height;
        double worst = 0;
        double sum = 0;
        int count = 0;
        foreach ((int at, float weight) in Inside(fuser, frame.Format))
        {
            // Where a channel would leave its range it is cut, which moves the others in YUV.
            if (before[at] < 220 && before[(2 * plane) + at] > 35)
            {
                double red = after[at] - before[at] - (weight * 30.6);
                double green = after[plane + at] - before[plane + at];
                double blue = after[(2 * plane) + at] - before[(2 * plane) + at] + (weight * 30.6);
                sum += Math.Abs(red) + Math.Abs(green) + Math.Abs(blue);
                worst = Math.Max(worst, Math.Max(Math.Abs(red), Math.Max(Math.Abs(green), Math.Abs(blue))));
                count += 3;
            }
        }

        Assert.True(count > 30000 && sum / count < 1.8, $"mean {sum / count:F3} of {count}, worst {worst:F1}");
        MaskCheck.ThrowIfOutsideChanged(_portraits.Bytes, frame, fuser);
    }

    /// <summary>Skin is too red for the parser of the tests to be a face, and is one when the swap has made it blue.</summary>
    [Theory]
    [InlineData(FaceArea.UpperFace)]
    [InlineData(FaceArea.LowerFace)]
    [InlineData(FaceArea.Mouth)]
    public void Fuse_EveryMask_StaysOnThatPartOfTheFace(FaceArea area)
    {
        SwapLook look = new() { Tint = new PerChannel(-0.25f, 0, 0.25f) };
        NetworkFolder folder = SwapCards.Folder("hyperswap_1a_256", look);
        folder.Add(SwapCards.Occluder("xseg_1"), MaskNetworks.Occluder("xseg_1"));
        folder.Add(SwapCards.Parser, MaskNetworks.Parser(SwapCards.Parser.Id));
        using SwapSetup setup = new(folder, "hyperswap_1a_256", [_portraits.Source]);
        MaskSettings mask = new() { Types = Enum.GetValues<MaskType>(), Areas = [area] };
        using NetworkFuser fuser = setup.Fuser(new NetworkSwapSettings { Mask = mask });
        Frame frame = _portraits.Show();
        fuser.Fuse(frame, _portraits.Face);

        Assert.True(MaskCheck.ThrowIfOutsideChanged(_portraits.Bytes, frame, fuser) > 500);
        float nose = _portraits.Face.Landmarks[4];
        float top = area == FaceArea.UpperFace ? 0 : nose - (area == FaceArea.Mouth ? 0 : 20);
        float bottom = area == FaceArea.UpperFace ? nose + 20 : frame.Format.Height;
        Assert.All(Inside(fuser, frame.Format), pixel => Assert.InRange(pixel.At / frame.Format.Width, top, bottom));
    }

    [Theory]
    [InlineData(0.5, null)]
    [InlineData(0.2, 512)]
    public void Fuse_SteadyState_AllocatesNothing(double weight, int? boost)
    {
        NetworkFolder folder = SwapCards.Folder("inswapper_128", SwapLook.Identity);
        folder.Add(SwapCards.Occluder("xseg_1"), MaskNetworks.Occluder("xseg_1"));
        folder.Add(SwapCards.Parser, MaskNetworks.Parser(SwapCards.Parser.Id));
        using SwapSetup setup = new(folder, "inswapper_128", [_portraits.Source]);
        MaskSettings all = new() { Types = Enum.GetValues<MaskType>() };
        NetworkSwapSettings settings = new()
        {
            Weight = weight,
            PixelBoost = boost,
            Mask = all,
        };
        using NetworkFuser fuser = setup.Fuser(settings);
        Frame frame = _portraits.Show();
        fuser.Fuse(frame, _portraits.Face);
        long before = GC.GetAllocatedBytesForCurrentThread();
        fuser.Fuse(frame, _portraits.Face);
        fuser.Fuse(frame, FaceCopy.Moved(_portraits.Face, 1, 0, 0));
        long copy = GC.GetAllocatedBytesForCurrentThread();
        FaceCopy.Moved(_portraits.Face, 1, 0, 0);
        Assert.Equal(GC.GetAllocatedBytesForCurrentThread() - copy, copy - before);
    }

    /// <summary>Mean change in luma where the mask is open, with and without its sign, and the shift in pixels that explains it best.</summary>
    private (double Mean, double Bias, float X, float Y) Change(Frame frame, PixelRect region, ReadOnlySpan<float> mask)
    {
        int width = frame.Format.Width;
        ReadOnlySpan<byte> now = frame.Plane(0);
        ReadOnlySpan<byte> old = _portraits.Original.Plane(0);
        double sum = 0,
            bias = 0,
            xx = 0,
            xy = 0,
            yy = 0,
            xd = 0,
            yd = 0;
        int count = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            int x = region.X + (i % region.Width);
            int y = region.Y + (i / region.Width);
            if (mask[i] < 0.99f || x < 1 || y < 1 || x >= width - 1 || y >= frame.Format.Height - 1)
            {
                continue;
            }

            int at = (y * width) + x;
            double off = now[at] - old[at];
            double dx = (old[at + 1] - old[at - 1]) / 2.0;
            double dy = (old[at + width] - old[at - width]) / 2.0;
            sum += Math.Abs(off);
            bias += off;
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
            xd += dx * off;
            yd += dy * off;
            count++;
        }

        Assert.True(count > 5000, $"The mask is open at {count} pixels.");
        double determinant = (xx * yy) - (xy * xy);
        return (
            sum / count,
            bias / count,
            (float)(((yy * xd) - (xy * yd)) / determinant),
            (float)(((xx * yd) - (xy * xd)) / determinant)
        );
    }

    private static List<(int At, float Weight)> Inside(NetworkFuser fuser, FrameFormat format)
    {
        List<(int, float)> found = [];
        for (int i = 0; i < fuser.Mask.Length; i++)
        {
            if (fuser.Mask[i] > 0)
            {
                int x = fuser.Region.X + (i % fuser.Region.Width);
                int y = fuser.Region.Y + (i / fuser.Region.Width);
                found.Add(((y * format.Width) + x, fuser.Mask[i]));
            }
        }

        return found;
    }

    /// <summary>A portrait to swap in, its face as the built-in models find it, and another to take the source from.</summary>
    public sealed class Portraits
    {
        private readonly Frame _frame;

        public Portraits()
        {
            using FrameAnalyser analyser = new(TestModels.BuiltIn);
            Source = SourceFaces.Read(analyser, TestClip.Photo(FusedFootage.Fringed), "source");
            Original = TestClip.Photo(FusedFootage.Bearded);
            Bytes = Original.Bytes.ToArray();
            _frame = new FramePool(Original.Format, 1).Rent(TestContext.Current.CancellationToken);
            FaceBox[] boxes = new FaceBox[4];
            Assert.Equal(1, analyser.Detect(Original, boxes, thorough: false));
            Face = new TrackedFace { Box = boxes[0], HasLandmarks = true };
            Face.Score = analyser.FindLandmarks(Original, boxes[0], Face.Landmarks);
        }

        internal SourceFace Source { get; }

        internal TrackedFace Face { get; }

        internal Frame Original { get; }

        internal byte[] Bytes { get; }

        /// <summary>The portrait, untouched; one frame for all tests of the class.</summary>
        internal Frame Show()
        {
            Bytes.CopyTo(_frame.Bytes);
            return _frame;
        }
    }
}
