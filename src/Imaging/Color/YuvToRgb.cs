using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Color;

/// <summary>Planar full-range YUV (y 0..255, cb and cr around 0) to planar RGB 0..255. Nothing is clamped.</summary>
public static class YuvToRgb
{
    /// <summary>Converts as many values as <paramref name="y"/> holds. The output may be the input's own spans.</summary>
    /// <exception cref="ArgumentException">A span is shorter than <paramref name="y"/>.</exception>
    public static void Convert(
        YuvMatrix matrix,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> cb,
        ReadOnlySpan<float> cr,
        Span<float> r,
        Span<float> g,
        Span<float> b
    )
    {
        YuvCoefficients yuv = YuvCoefficients.Of(matrix);
        int count = y.Length;
        cb = cb[..count];
        cr = cr[..count];
        r = r[..count];
        g = g[..count];
        b = b[..count];
        int done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; done <= count - Vector256<float>.Count; done += Vector256<float>.Count)
            {
                Vector256<float> light = Vector256.Create(y[done..]);
                Vector256<float> blue = Vector256.Create(cb[done..]);
                Vector256<float> red = Vector256.Create(cr[done..]);
                (light + (red * yuv.RedPerCr)).CopyTo(r[done..]);
                ((light + (blue * yuv.GreenPerCb)) + (red * yuv.GreenPerCr)).CopyTo(g[done..]);
                (light + (blue * yuv.BluePerCb)).CopyTo(b[done..]);
            }
        }

        ConvertScalar(yuv, y[done..], cb[done..], cr[done..], r[done..], g[done..], b[done..]);
    }

    /// <summary>The specification.</summary>
    internal static void ConvertScalar(
        YuvCoefficients yuv,
        ReadOnlySpan<float> y,
        ReadOnlySpan<float> cb,
        ReadOnlySpan<float> cr,
        Span<float> r,
        Span<float> g,
        Span<float> b
    )
    {
        for (int i = 0; i < y.Length; i++)
        {
            float light = y[i],
                blue = cb[i],
                red = cr[i];
            r[i] = light + (red * yuv.RedPerCr);
            g[i] = (light + (blue * yuv.GreenPerCb)) + (red * yuv.GreenPerCr);
            b[i] = light + (blue * yuv.BluePerCb);
        }
    }
}
