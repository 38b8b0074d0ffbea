using System.Numerics;
using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Imaging.Rasterizing;

/// <summary>
/// Reads a <see cref="MipTexture"/> at the places that a raster gives: bilinear within a level, linear between the two levels around the
/// wanted one. One pixel is one vector of four lanes (three colour values and opacity).
/// </summary>
public static partial class TextureSampler
{
    /// <summary>
    /// For each covered pixel the four planes get <c>texel · gain + offset</c>; pixels that the raster left empty get 0.
    /// </summary>
    /// <param name="texture">What is read.</param>
    /// <param name="level">0 is full size, 1 half of it; clamped to the levels there are.</param>
    /// <param name="gain">Factor of each of the four values.</param>
    /// <param name="offset">Added to each of the four values.</param>
    /// <param name="raster">Depth says where; A and B are the place in the texture, 0 to 1 over its width and height.</param>
    /// <param name="planes">Four planes of the raster's size, <paramref name="stride"/> values apart.</param>
    /// <param name="stride">From one plane to the next; at least the raster's pixels.</param>
    public static void Sample(
        MipTexture texture,
        float level,
        Vector4 gain,
        Vector4 offset,
        in RasterTarget raster,
        Span<float> planes,
        int stride
    )
    {
        int count = raster.Width * raster.Height;
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, count);
        ArgumentOutOfRangeException.ThrowIfLessThan(planes.Length, (3 * stride) + count);
        level = float.IsFinite(level) ? Math.Clamp(level, 0, texture.LevelCount - 1) : 0;
        int fine = Math.Min((int)level, texture.LevelCount - 1);
        int coarse = Math.Min(fine + 1, texture.LevelCount - 1);
        Levels levels = new(
            texture.Level(fine),
            texture.Level(coarse),
            texture.Size >> fine,
            texture.Size >> coarse,
            level - fine
        );
        if (Vector128.IsHardwareAccelerated)
        {
            SampleVector(levels, gain, offset, raster, planes, stride);
        }
        else
        {
            SampleScalar(levels, gain, offset, raster, planes, stride);
        }
    }

    /// <summary>The two levels around the wanted one and how far the coarser one counts.</summary>
    internal readonly ref struct Levels(
        ReadOnlySpan<float> fine,
        ReadOnlySpan<float> coarse,
        int fineSize,
        int coarseSize,
        float share
    )
    {
        public ReadOnlySpan<float> Fine { get; } = fine;
        public ReadOnlySpan<float> Coarse { get; } = coarse;
        public int FineSize { get; } = fineSize;
        public int CoarseSize { get; } = coarseSize;
        public float Share { get; } = share;
    }

    /// <summary>Index of the upper left of four texels around a place, and how far the place lies from it.</summary>
    internal static int Locate(float u, float v, int size, out float right, out float below)
    {
        float x = Math.Clamp((u * size) - 0.5f, 0, size - 1.001f);
        float y = Math.Clamp((v * size) - 0.5f, 0, size - 1.001f);
        int column = (int)x;
        int row = (int)y;
        right = x - column;
        below = y - row;
        return ((row * size) + column) * 4;
    }
}
