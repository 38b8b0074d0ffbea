using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;

namespace FaceFusion.Batch.Faces.Tests.Upscaling;

/// <summary>Frames for upscalers, and the reference without tiles: the whole picture at once, in double precision.</summary>
internal static class EnlargedFrame
{
    public static Frame New(FrameFormat format) => new FramePool(format, 1).Rent(CancellationToken.None);

    /// <summary>Waves and single bright samples in every plane, within the range in which no colour is clamped.</summary>
    public static Frame Picture(FrameFormat format)
    {
        Frame frame = New(format);
        for (int plane = 0; plane < 3; plane++)
        {
            int width = plane == 0 ? format.Width : format.ChromaWidth;
            int height = plane == 0 ? format.Height : format.ChromaHeight;
            for (int i = 0; i < width * height; i++)
            {
                double wave = Math.Sin((i % width / 3.1) + plane) + Math.Cos((i / width / 2.3) - plane);
                double value = 128 + (wave * (plane == 0 ? 30 : 10)) + (i % 37 == 0 ? 9 : 0);
                int sample = (int)Math.Round(value * (1 << (format.BitDepth - 8)));
                if (format.BitDepth > 8)
                {
                    frame.Plane16(plane)[i] = (ushort)sample;
                }
                else
                {
                    frame.Plane(plane)[i] = (byte)sample;
                }
            }
        }

        return frame;
    }

    public static int Sample(Frame frame, int plane, int index) =>
        frame.Format.BitDepth > 8 ? frame.Plane16(plane)[index] : frame.Plane(plane)[index];

    /// <summary>The greatest difference of any sample between a frame and its source with each RGB pixel made a square of pixels.</summary>
    public static double OffFromNearest(Frame source, Frame enlarged, int scale)
    {
        FrameFormat small = source.Format;
        FrameFormat large = enlarged.Format;
        float[] rgb = new float[3 * small.Width * small.Height];
        CropSampler.ToRgb(source, AffineMatrix.Identity, small.Width, small.Height, 1, 0, rgb);
        double worst = 0;
        for (int plane = 0; plane < 3; plane++)
        {
            int width = plane == 0 ? large.Width : large.ChromaWidth;
            int height = plane == 0 ? large.Height : large.ChromaHeight;
            int stepX = large.Width == width ? 1 : 2;
            int stepY = large.Height == height ? 1 : 2;
            for (int row = 0; row < height; row++)
            {
                for (int column = 0; column < width; column++)
                {
                    double sum = 0;
                    for (int tap = 0; tap < 9; tap++)
                    {
                        double weight =
                            Weight(tap % 3, stepX, large.Siting != ChromaSiting.Center)
                            * Weight(tap / 3, stepY, large.Siting == ChromaSiting.TopLeft);
                        int x = Math.Clamp((column * stepX) + (tap % 3) - 1, 0, large.Width - 1) / scale;
                        int y = Math.Clamp((row * stepY) + (tap / 3) - 1, 0, large.Height - 1) / scale;
                        sum += weight == 0 ? 0 : weight * Yuv(rgb, small, plane, (y * small.Width) + x);
                    }

                    double expected = Stored(large, plane, sum);
                    worst = Math.Max(worst, Math.Abs(expected - Sample(enlarged, plane, (row * width) + column)));
                }
            }
        }

        return worst;
    }

    private static double Weight(int tap, int step, bool coSited) =>
        step == 1 ? (tap == 1 ? 1 : 0)
        : coSited ? (tap == 1 ? 0.5 : 0.25)
        : (tap == 0 ? 0 : 0.5);

    private static double Yuv(float[] rgb, FrameFormat format, int plane, int at)
    {
        int area = format.Width * format.Height;
        (double r, double g, double b) = (rgb[at], rgb[area + at], rgb[(2 * area) + at]);
        YuvCoefficients yuv = YuvCoefficients.Of(format.Matrix);
        double light = (yuv.Kr * r) + (yuv.Kg * g) + (yuv.Kb * b);
        return plane == 0 ? light
            : plane == 1 ? (b - light) / yuv.BluePerCb
            : (r - light) / yuv.RedPerCr;
    }

    private static double Stored(FrameFormat format, int plane, double value)
    {
        SampleRange range = SampleRange.Of(format);
        return plane == 0 ? (value / range.LumaGain) + range.LumaBlack : (value / range.ChromaGain) + range.ChromaZero;
    }
}
