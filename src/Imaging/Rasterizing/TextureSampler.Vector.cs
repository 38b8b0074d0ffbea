using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Imaging.Rasterizing;

public static partial class TextureSampler
{
    /// <summary>The four lanes of a vector are the four values of one texel, so a texel is one load and nothing is gathered.</summary>
    internal static void SampleVector(
        in Levels levels,
        Vector4 gain,
        Vector4 offset,
        in RasterTarget raster,
        Span<float> planes,
        int stride
    )
    {
        int count = raster.Width * raster.Height;
        ref float fine = ref MemoryMarshal.GetReference(levels.Fine);
        ref float coarse = ref MemoryMarshal.GetReference(levels.Coarse);
        ReadOnlySpan<float> depth = raster.Depth[..count];
        ReadOnlySpan<float> us = raster.A[..count];
        ReadOnlySpan<float> vs = raster.B[..count];
        Span<float> p0 = planes[..count];
        Span<float> p1 = planes.Slice(stride, count);
        Span<float> p2 = planes.Slice(2 * stride, count);
        Span<float> p3 = planes.Slice(3 * stride, count);
        Vector128<float> gains = gain.AsVector128();
        Vector128<float> offsets = offset.AsVector128();
        Vector128<float> share = Vector128.Create(levels.Share);
        bool between = levels.Share > 0;
        for (int i = 0; i < depth.Length; i++)
        {
            Vector128<float> value = Vector128<float>.Zero;
            if (depth[i] < RasterTarget.Empty)
            {
                value = Bilinear(ref fine, us[i], vs[i], levels.FineSize);
                if (between)
                {
                    value += (Bilinear(ref coarse, us[i], vs[i], levels.CoarseSize) - value) * share;
                }

                value = (value * gains) + offsets;
            }

            p0[i] = value.ToScalar();
            p1[i] = value.GetElement(1);
            p2[i] = value.GetElement(2);
            p3[i] = value.GetElement(3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Bilinear(ref float texels, float u, float v, int size)
    {
        nuint at = (nuint)Locate(u, v, size, out float right, out float below);
        nuint next = at + ((nuint)size * 4);
        Vector128<float> across = Vector128.Create(right);
        Vector128<float> a = Vector128.LoadUnsafe(ref texels, at);
        Vector128<float> b = Vector128.LoadUnsafe(ref texels, at + 4);
        Vector128<float> c = Vector128.LoadUnsafe(ref texels, next);
        Vector128<float> d = Vector128.LoadUnsafe(ref texels, next + 4);
        Vector128<float> upper = a + ((b - a) * across);
        Vector128<float> lower = c + ((d - c) * across);
        return upper + ((lower - upper) * Vector128.Create(below));
    }
}
