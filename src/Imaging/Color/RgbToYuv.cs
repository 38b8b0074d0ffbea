using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Color;

/// <summary>Planar RGB 0..255 to planar full-range YUV (y 0..255, cb and cr around 0). Undoes <see cref="YuvToRgb"/>.</summary>
public static class RgbToYuv
{
    /// <summary>Converts as many values as <paramref name="r"/> holds. The output may be the input's own spans.</summary>
    /// <exception cref="ArgumentException">A span is shorter than <paramref name="r"/>.</exception>
    public static void Convert(
        YuvMatrix matrix,
        ReadOnlySpan<float> r,
        ReadOnlySpan<float> g,
        ReadOnlySpan<float> b,
        Span<float> y,
        Span<float> cb,
        Span<float> cr
    )
    {
        YuvCoefficients yuv = YuvCoefficients.Of(matrix);
        int count = r.Length;
        g = g[..count];
        b = b[..count];
        y = y[..count];
        cb = cb[..count];
        cr = cr[..count];
        float perBlue = 1 / yuv.BluePerCb;
        float perRed = 1 / yuv.RedPerCr;
        int done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; done <= count - Vector256<float>.Count; done += Vector256<float>.Count)
            {
                Vector256<float> red = Vector256.Create(r[done..]);
                Vector256<float> green = Vector256.Create(g[done..]);
                Vector256<float> blue = Vector256.Create(b[done..]);
                Vector256<float> light = ((red * yuv.Kr) + (green * yuv.Kg)) + (blue * yuv.Kb);
                light.CopyTo(y[done..]);
                ((blue - light) * perBlue).CopyTo(cb[done..]);
                ((red - light) * perRed).CopyTo(cr[done..]);
            }
        }

        ConvertScalar(yuv, r[done..], g[done..], b[done..], y[done..], cb[done..], cr[done..]);
    }

    /// <summary>The specification.</summary>
    internal static void ConvertScalar(
        YuvCoefficients yuv,
        ReadOnlySpan<float> r,
        ReadOnlySpan<float> g,
        ReadOnlySpan<float> b,
        Span<float> y,
        Span<float> cb,
        Span<float> cr
    )
    {
        float perBlue = 1 / yuv.BluePerCb;
        float perRed = 1 / yuv.RedPerCr;
        for (int i = 0; i < r.Length; i++)
        {
            float red = r[i],
                green = g[i],
                blue = b[i];
            float light = ((red * yuv.Kr) + (green * yuv.Kg)) + (blue * yuv.Kb);
            y[i] = light;
            cb[i] = (blue - light) * perBlue;
            cr[i] = (red - light) * perRed;
        }
    }
}
