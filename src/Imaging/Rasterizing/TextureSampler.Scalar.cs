using System.Numerics;

namespace FaceFusion.Batch.Imaging.Rasterizing;

public static partial class TextureSampler
{
    /// <summary>The specification: the vector path gives the same bits.</summary>
    internal static void SampleScalar(
        in Levels levels,
        Vector4 gain,
        Vector4 offset,
        in RasterTarget raster,
        Span<float> planes,
        int stride
    ) => SampleFrom(0, levels, gain, offset, raster, planes, stride);

    /// <summary>From one pixel on.</summary>
    private static void SampleFrom(
        int first,
        in Levels levels,
        Vector4 gain,
        Vector4 offset,
        in RasterTarget raster,
        Span<float> planes,
        int stride
    )
    {
        int count = raster.Width * raster.Height;
        for (int i = first; i < count; i++)
        {
            bool covered = raster.Depth[i] < RasterTarget.Empty;
            for (int k = 0; k < 4; k++)
            {
                float value = 0;
                if (covered)
                {
                    value = Bilinear(levels.Fine, raster.A[i], raster.B[i], levels.FineSize, k);
                    if (levels.Share > 0)
                    {
                        float coarse = Bilinear(levels.Coarse, raster.A[i], raster.B[i], levels.CoarseSize, k);
                        value += (coarse - value) * levels.Share;
                    }

                    value = (value * gain[k]) + offset[k];
                }

                planes[(k * stride) + i] = value;
            }
        }
    }

    private static float Bilinear(ReadOnlySpan<float> texels, float u, float v, int size, int k)
    {
        int at = Locate(u, v, size, out float right, out float below) + k;
        int next = at + (size * 4);
        float upper = texels[at] + ((texels[at + 4] - texels[at]) * right);
        float lower = texels[next] + ((texels[next + 4] - texels[next]) * right);
        return upper + ((lower - upper) * below);
    }
}
