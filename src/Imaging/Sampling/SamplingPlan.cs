using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>Everything of a crop that does not change from pixel to pixel.</summary>
internal readonly struct SamplingPlan
{
    /// <summary>Most taps along one axis of a crop pixel; beyond a minification of 32 a crop is a rough look anyway.</summary>
    private const int MaxTaps = 32;

    public readonly AffineMatrix Matrix;
    public readonly int Width;
    public readonly int Height;
    public readonly int ChromaWidth;
    public readonly int ChromaHeight;
    public readonly ChromaGrid Chroma;
    public readonly int TapsX;
    public readonly int TapsY;

    /// <summary>Full-range value per stored luma sample, chroma sample and unit of coverage, with the mean over the taps folded in.</summary>
    public readonly float Luma;
    public readonly float RedPerV;
    public readonly float GreenPerU;
    public readonly float GreenPerV;
    public readonly float BluePerU;
    public readonly float RedConstant;
    public readonly float GreenConstant;
    public readonly float BlueConstant;

    public readonly float Scale;
    public readonly float Offset;

    /// <summary>The edge goes on beyond the frame instead of black.</summary>
    public readonly bool Replicates;

    public SamplingPlan(
        FrameFormat format,
        in AffineMatrix cropToFrame,
        float scale,
        float offset,
        CropBorder border = CropBorder.Black,
        CropTaps taps = CropTaps.Mean
    )
    {
        Matrix = cropToFrame;
        Width = format.Width;
        Height = format.Height;
        ChromaWidth = format.ChromaWidth;
        ChromaHeight = format.ChromaHeight;
        Chroma = ChromaGrid.Of(format);
        TapsX = taps == CropTaps.Single ? 1 : TapCount(cropToFrame.A, cropToFrame.D);
        TapsY = taps == CropTaps.Single ? 1 : TapCount(cropToFrame.B, cropToFrame.E);
        Scale = scale;
        Offset = offset;
        Replicates = border == CropBorder.Replicate;

        SampleRange range = SampleRange.Of(format);
        YuvCoefficients yuv = YuvCoefficients.Of(format.Matrix);
        float mean = 1f / (TapsX * TapsY);
        float chroma = range.ChromaGain * mean;
        float black = -range.LumaBlack * range.LumaGain * mean;
        Luma = range.LumaGain * mean;
        RedPerV = yuv.RedPerCr * chroma;
        GreenPerU = yuv.GreenPerCb * chroma;
        GreenPerV = yuv.GreenPerCr * chroma;
        BluePerU = yuv.BluePerCb * chroma;
        RedConstant = black - (RedPerV * range.ChromaZero);
        GreenConstant = black - ((GreenPerU + GreenPerV) * range.ChromaZero);
        BlueConstant = black - (BluePerU * range.ChromaZero);
    }

    /// <summary>Where each tap lies from its crop pixel's centre in the frame: x, y of TapsX × TapsY taps, row by row.</summary>
    public void Taps(Span<float> offsets)
    {
        int at = 0;
        for (int j = 0; j < TapsY; j++)
        {
            float dy = ((j + 0.5f) / TapsY) - 0.5f;
            for (int i = 0; i < TapsX; i++)
            {
                float dx = ((i + 0.5f) / TapsX) - 0.5f;
                offsets[at++] = (Matrix.A * dx) + (Matrix.B * dy);
                offsets[at++] = (Matrix.D * dx) + (Matrix.E * dy);
            }
        }
    }

    /// <summary>Whether every tap of a crop of that size stays at least a pixel (and some rounding) away from the frame's edges.</summary>
    public bool IsInside(int width, int height)
    {
        (float x0, float y0) = Matrix.Apply(-0.5f, -0.5f);
        (float x1, float y1) = Matrix.Apply(width - 0.5f, -0.5f);
        (float x2, float y2) = Matrix.Apply(-0.5f, height - 0.5f);
        (float x3, float y3) = Matrix.Apply(width - 0.5f, height - 0.5f);
        return Math.Min(Math.Min(x0, x1), Math.Min(x2, x3)) > 1.02f
            && Math.Min(Math.Min(y0, y1), Math.Min(y2, y3)) > 1.02f
            && Math.Max(Math.Max(x0, x1), Math.Max(x2, x3)) < Width - 2.02f
            && Math.Max(Math.Max(y0, y1), Math.Max(y2, y3)) < Height - 2.02f;
    }

    /// <summary>
    /// A tap is bilinear, so it covers two frame pixels; one is enough up to a step of 1.5 frame pixels, beyond that as many as keep the
    /// taps at most 1.5 (soon about 1) pixels apart.
    /// </summary>
    private static int TapCount(float dx, float dy) =>
        Math.Clamp((int)MathF.Ceiling(MathF.Sqrt((dx * dx) + (dy * dy)) - 0.5f), 1, MaxTaps);

    /// <summary>Whether a matrix can be sampled through without leaving the exact range of floats.</summary>
    public static bool IsUsable(in AffineMatrix m) =>
        MathF.Abs(m.A) < 1e5f
        && MathF.Abs(m.B) < 1e5f
        && MathF.Abs(m.D) < 1e5f
        && MathF.Abs(m.E) < 1e5f
        && MathF.Abs(m.C) < 1e9f
        && MathF.Abs(m.F) < 1e9f;
}
