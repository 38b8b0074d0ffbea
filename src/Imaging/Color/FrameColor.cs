using FaceFusion.Batch.Imaging.Drawing;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Color;

/// <summary>An RGB colour as the three samples a frame stores for it.</summary>
internal static class FrameColor
{
    public static (int Y, int U, int V) Of(FrameFormat format, CanvasColor color)
    {
        SampleRange range = SampleRange.Of(format);
        YuvCoefficients yuv = YuvCoefficients.Of(format.Matrix);
        float light = (yuv.Kr * color.R) + (yuv.Kg * color.G) + (yuv.Kb * color.B);
        return (
            Sample(light / range.LumaGain, range.LumaBlack, range.Peak),
            Sample((color.B - light) / yuv.BluePerCb / range.ChromaGain, range.ChromaZero, range.Peak),
            Sample((color.R - light) / yuv.RedPerCr / range.ChromaGain, range.ChromaZero, range.Peak)
        );
    }

    private static int Sample(float units, float zero, int peak) => (int)(Math.Clamp(units + zero, 0, peak) + 0.5f);
}
