using FaceFusion.Batch.Imaging.Drawing;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Redaction;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Redaction;

public sealed class CoverTests
{
    private delegate void Cover(Frame frame, CoverRegion region);

    private static readonly (string Name, Cover Apply)[] Covers =
    [
        ("solid", (frame, region) => SolidCover.Apply(frame, region, CanvasColor.Black)),
        ("pixelate", (frame, region) => CellCover.Pixelate(frame, region, 9)),
        ("blur", (frame, region) => CellCover.Blur(frame, region, 9)),
    ];

    /// <summary>x, y, width, height: inside, on odd places, across each edge, larger than the frame, tiny, beside it.</summary>
    private static readonly float[][] Boxes =
    [
        [20, 15, 24, 30],
        [21.3f, 14.7f, 17.5f, 21.1f],
        [-9, -7, 30, 30],
        [70, 50, 40, 40],
        [-30, -30, 300, 300],
        [30.4f, 20.2f, 0.3f, 0.2f],
        [500, 20, 10, 10],
        [20, -200, 10, 10],
    ];

    [Fact]
    public void Apply_AnyFormat_CoversTheGrownBoxInEveryPlane()
    {
        foreach (FrameFormat format in Formats.All(97, 75))
        {
            foreach (float[] box in Boxes)
            {
                CoverRegion region = CoverRegion.Of(box[0], box[1], box[2], box[3], 0.25f, format);
                foreach ((string name, Cover apply) in Covers)
                {
                    // Two frames that differ everywhere in the box become the same there if nothing of the old samples is left,
                    // means apart; so they get the same means by being each other's mirror around one value.
                    using OwnedFrame one = Checkers(format, 40);
                    using OwnedFrame other = Checkers(format, -40);
                    apply(one.Frame, region);
                    apply(other.Frame, region);
                    AssertAlikeInside(one, other, region, name == "solid" ? 0 : 12 << (format.BitDepth - 8), name);
                }
            }
        }
    }

    [Fact]
    public void Apply_OutsideTheRegion_KeepsTheBytes()
    {
        foreach (FrameFormat format in Formats.All(97, 75))
        {
            foreach (float[] box in Boxes)
            {
                CoverRegion region = CoverRegion.Of(box[0], box[1], box[2], box[3], 0.25f, format);
                foreach ((string name, Cover apply) in Covers)
                {
                    using OwnedFrame before = OwnedFrame.Noise(format, 8);
                    using OwnedFrame after = OwnedFrame.Noise(format, 8);
                    apply(after.Frame, region);
                    ForEach(
                        format,
                        (plane, x, y, distance) =>
                        {
                            if (distance > region.Rim && before.Sample(plane, x, y) != after.Sample(plane, x, y))
                            {
                                Assert.Fail($"{name} {format} {region}: plane {plane} at {x},{y}");
                            }
                        },
                        region
                    );
                }
            }
        }
    }

    [Fact]
    public void Of_BoxNotFinite_IsTheWholeFrame()
    {
        FrameFormat format = Formats.Plain(40, 30);
        foreach ((_, Cover apply) in Covers)
        {
            using OwnedFrame owned = OwnedFrame.Noise(format, 1);
            byte[] before = owned.Frame.Bytes.ToArray();
            apply(owned.Frame, CoverRegion.Of(float.NaN, 1, 5, 5, 0.25f, format));
            int same = before.Zip(owned.Frame.Bytes.ToArray(), (a, b) => a == b ? 1 : 0).Sum();
            Assert.True(same < before.Length / 20, $"{same} of {before.Length} samples are untouched");
        }
    }

    [Fact]
    public void Pixelate_CellNotANumber_LeavesOneBlock()
    {
        using OwnedFrame owned = OwnedFrame.Noise(Formats.Plain(64, 64), 1);
        CellCover.Pixelate(owned.Frame, CoverRegion.Of(10, 10, 30, 30, 0.2f, owned.Frame.Format), float.NaN);
        int first = owned.Sample(0, 12, 12);
        Assert.Equal(first, owned.Sample(0, 38, 38));
    }

    [Fact]
    public void Pixelate_Blocks_AreFlat()
    {
        using OwnedFrame owned = OwnedFrame.Waves(Formats.Plain(120, 120), 1);
        CoverRegion region = CoverRegion.Of(20, 20, 70, 70, 0, owned.Frame.Format);
        CellCover.Pixelate(owned.Frame, region, 10);
        int steps = 0;
        for (int x = 20; x < 89; x++)
        {
            steps += owned.Sample(0, x, 55) != owned.Sample(0, x + 1, 55) ? 1 : 0;
        }

        Assert.InRange(steps, 1, 8);
    }

    [Fact]
    public void Apply_Twice_AllocatesNothing()
    {
        using OwnedFrame owned = OwnedFrame.Waves(Formats.Plain(400, 300), 1);
        CoverRegion region = CoverRegion.Of(120, 60, 110, 140, 0.25f, owned.Frame.Format);
        foreach ((_, Cover apply) in Covers)
        {
            Assert.Equal(0, Allocations.Of(() => apply(owned.Frame, region)));
        }
    }

    private static OwnedFrame Checkers(FrameFormat format, int contrast)
    {
        OwnedFrame owned = new(format);
        int unit = 1 << (format.BitDepth - 8);
        owned.Fill((_, x, y) => (128 + (((x + y) & 1) == 0 ? contrast : -contrast)) * unit);
        return owned;
    }

    private static void AssertAlikeInside(OwnedFrame a, OwnedFrame b, CoverRegion region, int tolerance, string name) =>
        ForEach(
            a.Frame.Format,
            (plane, x, y, distance) =>
            {
                int off = Math.Abs(a.Sample(plane, x, y) - b.Sample(plane, x, y));

                // Cells at the region's ends can hold one or three samples only; their means differ. None does where blocks are whole.
                bool whole = x > 12 && y > 12;
                if (distance <= 0 && off > tolerance && (whole || name == "solid") && region.Right - region.Left > 10)
                {
                    Assert.Fail(
                        $"{name} {a.Frame.Format} {region}: plane {plane} at {x},{y} tells the pictures apart by {off}"
                    );
                }
            },
            region
        );

    /// <summary>Each sample with the distance of its nearest part from the region's box.</summary>
    private static void ForEach(FrameFormat format, Action<int, int, int, float> visit, CoverRegion region)
    {
        for (int plane = 0; plane < 3; plane++)
        {
            int stepX = plane > 0 && format.Chroma != ChromaLayout.Yuv444 ? 2 : 1;
            int stepY = plane > 0 && format.Chroma == ChromaLayout.Yuv420 ? 2 : 1;
            for (int y = 0; y < (plane == 0 ? format.Height : format.ChromaHeight); y++)
            {
                for (int x = 0; x < (plane == 0 ? format.Width : format.ChromaWidth); x++)
                {
                    float dx = Outside((x * stepX) - 0.5f, ((x + 1) * stepX) - 0.5f, region.Left, region.Right);
                    float dy = Outside((y * stepY) - 0.5f, ((y + 1) * stepY) - 0.5f, region.Top, region.Bottom);
                    visit(plane, x, y, MathF.Sqrt((dx * dx) + (dy * dy)) - 0.001f);
                }
            }
        }
    }

    private static float Outside(float low, float high, float from, float to) =>
        Math.Max(Math.Max(from - high, low - to), 0);
}
