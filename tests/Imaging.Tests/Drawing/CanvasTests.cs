using FaceFusion.Batch.Imaging.Drawing;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Drawing;

public sealed class CanvasTests
{
    [Fact]
    public void RgbCanvas_Text_DrawsTheGlyph()
    {
        RgbCanvas canvas = new(7, 9);
        canvas.Text(1, 1, "t", CanvasColor.White);
        string picture = string.Concat(
            Enumerable.Range(0, 63).Select(i => (canvas.Pixels[3 * i] > 0 ? "#" : ".") + (i % 7 == 6 ? "\n" : ""))
        );
        Assert.Equal(".......\n.#####.\n...#...\n...#...\n...#...\n...#...\n...#...\n...#...\n.......\n", picture);
    }

    [Fact]
    public void RgbCanvas_ShapesBeyondTheEdge_AreClipped()
    {
        RgbCanvas canvas = new(20, 10);
        canvas.Fill(-5, -5, 100, 8, new CanvasColor(1, 2, 3));
        canvas.Box(-3, -3, 50, 50, CanvasColor.White, 2);
        canvas.Line(-100, 5, 300, 6, CanvasColor.White, 3);
        canvas.Dot(19, 9, 8, CanvasColor.White);
        canvas.Text(15, 5, "clipped", CanvasColor.White, 3);
        canvas.Put(-1, 8, new byte[3 * 5 * 5], 5, 5);
        canvas.PutPlanar(18, -2, new float[3 * 5 * 5], 5, 5);
        Assert.Equal([1, 2, 3], canvas.Pixels[..3].ToArray());
    }

    [Fact]
    public void RgbCanvas_NotFiniteOrFarAway_DrawsNothing()
    {
        RgbCanvas canvas = new(20, 10);
        canvas.Line(float.NaN, 0, 5, 5, CanvasColor.White);
        canvas.Line(0, 0, float.PositiveInfinity, 5, CanvasColor.White);
        canvas.Dot(float.NaN, 3, 3, CanvasColor.White);
        canvas.Dot(3, 3, float.NaN, CanvasColor.White);
        canvas.Dot(1e30f, 3, 3, CanvasColor.White);
        Assert.All(canvas.Pixels.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void RgbCanvas_PutPlanar_RoundsAndClamps()
    {
        RgbCanvas canvas = new(2, 1);
        canvas.PutPlanar(0, 0, [-5, 300, 99.6f, 0.4f, 128, 254.5f], 2, 1);
        Assert.Equal([0, 100, 128, 255, 0, 255], canvas.Pixels.ToArray());
    }

    [Fact]
    public void FrameCanvas_Fill_IsThatColour()
    {
        foreach (FrameFormat format in Formats.All(33, 21))
        {
            using OwnedFrame owned = OwnedFrame.Noise(format, 1);
            new FrameCanvas(owned.Frame).Fill(0, 0, 33, 21, new CanvasColor(200, 40, 90));
            float[] rgb = new float[3 * 33 * 21];
            CropSampler.ToRgb(owned.Frame, AffineMatrix.Identity, 33, 21, 1, 0, rgb);
            Assert.All(rgb[..693], value => Assert.Equal(200, value, 2f));
            Assert.All(rgb[693..1386], value => Assert.Equal(40, value, 2f));
            Assert.All(rgb[1386..], value => Assert.Equal(90, value, 2f));
        }
    }

    [Fact]
    public void FrameCanvas_Dot_TouchesOnlyItsPlace()
    {
        using OwnedFrame owned = new(Formats.Plain(30, 30));
        owned.Fill((plane, _, _) => plane == 0 ? 16 : 128);
        new FrameCanvas(owned.Frame).Dot(10.2f, 12.9f, 0, CanvasColor.White);
        int lit = Enumerable.Range(0, 900).Count(i => owned.Sample(0, i % 30, i / 30) > 16);
        Assert.Equal(1, lit);
        Assert.Equal(235, owned.Sample(0, 10, 13));
    }

    [Fact]
    public void FrameCanvas_Twice_AllocatesNothing()
    {
        using OwnedFrame owned = new(Formats.Plain(100, 100));
        FrameCanvas canvas = new(owned.Frame);
        Assert.Equal(
            0,
            Allocations.Of(() =>
            {
                canvas.Box(3, 3, 50, 50, CanvasColor.White, 2);
                canvas.Line(0, 0, 90, 40, CanvasColor.Of(2));
                canvas.Dot(40, 40, 3, CanvasColor.Of(1));
                canvas.Text(5, 5, "T3 0.98", CanvasColor.White);
            })
        );
    }
}
