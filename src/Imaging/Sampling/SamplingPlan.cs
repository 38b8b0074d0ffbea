using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>Everything of a crop that does not change from pixel to pixel.</summary>
internal readonly struct SamplingPlan
{
    /// <summary>From crop pixels to luma samples of <see cref="Planes"/>.</summary>
    public readonly AffineMatrix Matrix;
    public readonly SampledPlanes Planes;

    /// <summary>Each plane is tapped as often as its own samples ask for: chroma of half the width needs half as many.</summary>
    public readonly TapGrid LumaTaps;
    public readonly TapGrid ChromaTaps;

    /// <summary>How a pixel fades into the black beyond the frame.</summary>
    public readonly EdgeFade FadeX;
    public readonly EdgeFade FadeY;

    /// <summary>Full-range value per stored luma sample and chroma sample, with the mean over the taps folded in, and per coverage.</summary>
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

    /// <summary>For a frame's own planes.</summary>
    public SamplingPlan(
        FrameFormat format,
        in AffineMatrix cropToFrame,
        float scale,
        float offset,
        CropBorder border = CropBorder.Black,
        CropTaps taps = CropTaps.Mean
    )
        : this(format, SampledPlanes.Of(format), cropToFrame, scale, offset, border, taps) { }

    /// <param name="format">How a frame's samples mean colours.</param>
    /// <param name="planes">What is read.</param>
    /// <param name="cropToPlanes">From crop pixels to luma samples of <paramref name="planes"/>.</param>
    /// <param name="scale">Factor of the values.</param>
    /// <param name="offset">What is added to them.</param>
    /// <param name="border">What lies beyond the frame.</param>
    /// <param name="taps">How a pixel is read that spans several samples.</param>
    public SamplingPlan(
        FrameFormat format,
        in SampledPlanes planes,
        in AffineMatrix cropToPlanes,
        float scale,
        float offset,
        CropBorder border,
        CropTaps taps
    )
    {
        Matrix = cropToPlanes;
        Planes = planes;
        bool single = taps == CropTaps.Single;
        LumaTaps = single ? TapGrid.Single : TapGrid.Of(cropToPlanes, 1, 1, planes.Luma);
        ChromaTaps = single
            ? TapGrid.Single
            : TapGrid.Of(cropToPlanes, planes.Chroma.ScaleX, planes.Chroma.ScaleY, planes.Cbcr);
        bool isWide = LumaTaps.Count > 1;
        FadeX = new(isWide ? TapGrid.Length(cropToPlanes.A, cropToPlanes.B) : 1, planes.Luma.Shift, planes.EndX);
        FadeY = new(isWide ? TapGrid.Length(cropToPlanes.D, cropToPlanes.E) : 1, planes.Luma.Shift, planes.EndY);
        Scale = scale;
        Offset = offset;
        Replicates = border == CropBorder.Replicate;

        SampleRange range = SampleRange.Of(format);
        YuvCoefficients yuv = YuvCoefficients.Of(format.Matrix);
        float chroma = range.ChromaGain * (1f / (ChromaTaps.Count * planes.Cbcr.Unit));
        float black = -range.LumaBlack * range.LumaGain;
        float zero = range.ChromaZero * (ChromaTaps.Count * planes.Cbcr.Unit);
        Luma = range.LumaGain * (1f / (LumaTaps.Count * planes.Luma.Unit));
        RedPerV = yuv.RedPerCr * chroma;
        GreenPerU = yuv.GreenPerCb * chroma;
        GreenPerV = yuv.GreenPerCr * chroma;
        BluePerU = yuv.BluePerCb * chroma;
        RedConstant = black - (RedPerV * zero);
        GreenConstant = black - ((GreenPerU + GreenPerV) * zero);
        BlueConstant = black - (BluePerU * zero);
    }

    /// <summary>Whether every tap of a crop of that size stays at least a pixel (and some rounding) away from the planes' edges.</summary>
    public bool IsInside(int width, int height)
    {
        (float left, float top, float right, float bottom) = Bounds(Matrix, width, height);
        return left > 1.02f && top > 1.02f && right < Planes.Width - 2.02f && bottom < Planes.Height - 2.02f;
    }

    /// <summary>The box around a crop of that size, its pixels' whole area, where the matrix maps it.</summary>
    public static (float Left, float Top, float Right, float Bottom) Bounds(in AffineMatrix m, int width, int height)
    {
        (float x0, float y0) = m.Apply(-0.5f, -0.5f);
        (float x1, float y1) = m.Apply(width - 0.5f, -0.5f);
        (float x2, float y2) = m.Apply(-0.5f, height - 0.5f);
        (float x3, float y3) = m.Apply(width - 0.5f, height - 0.5f);
        return (
            Math.Min(Math.Min(x0, x1), Math.Min(x2, x3)),
            Math.Min(Math.Min(y0, y1), Math.Min(y2, y3)),
            Math.Max(Math.Max(x0, x1), Math.Max(x2, x3)),
            Math.Max(Math.Max(y0, y1), Math.Max(y2, y3))
        );
    }

    /// <summary>Whether a matrix can be sampled through without leaving the exact range of floats.</summary>
    public static bool IsUsable(in AffineMatrix m) =>
        MathF.Abs(m.A) < 1e5f
        && MathF.Abs(m.B) < 1e5f
        && MathF.Abs(m.D) < 1e5f
        && MathF.Abs(m.E) < 1e5f
        && MathF.Abs(m.C) < 1e9f
        && MathF.Abs(m.F) < 1e9f;
}
