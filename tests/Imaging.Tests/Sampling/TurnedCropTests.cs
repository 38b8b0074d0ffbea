using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Sampling;

/// <summary>A crop that is turned is read another way than one that is not, and must look the same.</summary>
public sealed class TurnedCropTests
{
    private const int Size = 32;

    /// <summary>A turn that moves no pixel of the crop by a hundredth of one, yet is one.</summary>
    private const float HairTurn = 0.0004f;

    [Theory]
    [InlineData(1.8f)]
    [InlineData(2.6f)]
    [InlineData(3.1f)]
    [InlineData(4.7f)]
    [InlineData(5.4f)]
    [InlineData(7.3f)]
    [InlineData(12.1f)]
    public void ToRgb_TurnedByAHair_LooksAsUpright(float step)
    {
        foreach (FrameFormat format in Formats.All(417, 403))
        {
            using OwnedFrame noise = OwnedFrame.Noise(format, 3);
            using OwnedFrame waves = OwnedFrame.Waves(format, 3);
            foreach ((float x, float y) in (ReadOnlySpan<(float, float)>)[(208, 201), (17.3f, 390.6f), (401.2f, 9.8f)])
            {
                // White noise in all planes is the hardest there is: what differs are its finest waves, most where pairs of chroma begin.
                (double off, _, double sharpness) = Compare(noise.Frame, x, y, step);
                Assert.True(off < 14, $"{format}, {x}: noise is off by {off:0.00}");
                Assert.True(sharpness is > 0.8 and < 1.15, $"{format}, {x}: noise is {sharpness:0.00} as strong");

                // Smooth pictures differ at most where the frame's edge crosses a pixel.
                (_, double worst, _) = Compare(waves.Frame, x, y, step);
                Assert.True(worst < (x == 208 ? 2 : 20), $"{format}, {x}: waves are off by {worst:0.00}");
            }
        }
    }

    [Theory]
    [InlineData(2.6f)]
    [InlineData(3.7f)]
    [InlineData(10.3f)]
    public void ToRgb_TurnedAndMinified_FineCheckersBecomeGrey(float step)
    {
        using OwnedFrame owned = new(Formats.Plain(480, 480));
        owned.Fill(
            (plane, x, y) =>
                plane > 0 ? 128
                : ((x + y) & 1) == 0 ? 16
                : 235
        );
        float[] rgb = Crop(owned.Frame, AffineMatrix.CropToFrame(240, 240, Size * step, 0.7f, Size));
        Assert.All(rgb, value => Assert.Equal(127.5f, value, 0.1f));
    }

    /// <returns>The mean and the worst difference in levels, and how strong the turned crop's contrasts are beside the upright one's.</returns>
    private static (double Off, double Worst, double Sharpness) Compare(Frame frame, float x, float y, float step)
    {
        float[] upright = Crop(frame, AffineMatrix.CropToFrame(x, y, Size * step, 0, Size));
        float[] turned = Crop(frame, AffineMatrix.CropToFrame(x, y, Size * step, HairTurn, Size));
        float[] off = [.. upright.Zip(turned, (first, second) => Math.Abs(first - second))];
        return (off.Average(), off.Max(), Contrast(turned) / Contrast(upright));
    }

    private static float[] Crop(Frame frame, AffineMatrix matrix)
    {
        float[] rgb = new float[3 * Size * Size];
        CropSampler.ToRgb(frame, matrix, Size, Size, 1, 0, rgb);
        return rgb;
    }

    /// <summary>Mean difference of neighbours in a row.</summary>
    private static double Contrast(float[] rgb) =>
        rgb.Skip(1).Zip(rgb).Average(pair => Math.Abs(pair.First - pair.Second));
}
