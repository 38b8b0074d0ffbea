using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// Means over the blocks of a patch: of the differences target − source weighted by skin (three channels) and by opacity (luma), of those
/// weights, and so everything that <see cref="LowBands"/> blurs.
/// </summary>
internal static class BlockSums
{
    public const int LightY = 0;
    public const int LightCb = 1;
    public const int LightCr = 2;
    public const int BandY = 3;
    public const int Skin = 4;
    public const int Opacity = 5;
    public const int PlaneCount = 6;

    /// <param name="patch">Its planes; where opacity is 0 the others do not count.</param>
    /// <param name="factor">Edge of a block.</param>
    /// <param name="into">The planes one after another.</param>
    /// <param name="stride">From one plane to the next.</param>
    /// <param name="columns">Scratch of <see cref="PlaneCount"/> · width values.</param>
    public static void Gather(FusePatch patch, int factor, Span<float> into, int stride, Span<float> columns)
    {
        int width = patch.Width;
        int blocks = width / factor;
        float share = 1f / (factor * factor);
        columns = columns[..(PlaneCount * width)];
        for (int y = 0; y < patch.Height / factor; y++)
        {
            columns.Clear();
            for (int j = 0; j < factor; j++)
            {
                int row = ((y * factor) + j) * width;
                if (Lanes.Available)
                {
                    AddRowVector(patch, row, columns);
                }
                else
                {
                    AddRowScalar(patch, row, columns);
                }
            }

            for (int plane = 0; plane < PlaneCount; plane++)
            {
                Join(
                    columns.Slice(plane * width, width),
                    factor,
                    share,
                    into.Slice((plane * stride) + (y * blocks), blocks)
                );
            }
        }
    }

    /// <summary>The specification: the vector path gives the same bits.</summary>
    internal static void AddRowScalar(FusePatch patch, int row, Span<float> columns)
    {
        int width = patch.Width;
        for (int x = 0; x < width; x++)
        {
            int i = row + x;
            float opacity = patch.Opacity[i];
            float skin = opacity > 0 ? patch.Skin[i] * opacity : 0;
            float difference = patch.TargetY[i] - patch.SourceY[i];
            columns[x] += skin * difference;
            columns[width + x] += skin * (patch.TargetCb[i] - patch.SourceCb[i]);
            columns[(2 * width) + x] += skin * (patch.TargetCr[i] - patch.SourceCr[i]);
            columns[(3 * width) + x] += opacity * difference;
            columns[(4 * width) + x] += skin;
            columns[(5 * width) + x] += opacity;
        }
    }

    /// <summary>Eight neighbouring columns at a time.</summary>
    internal static void AddRowVector(FusePatch patch, int row, Span<float> columns)
    {
        int width = patch.Width;
        ReadOnlySpan<float> opacities = patch.Opacity;
        ReadOnlySpan<float> skins = patch.Skin;
        ReadOnlySpan<float> targetY = patch.TargetY;
        ReadOnlySpan<float> targetCb = patch.TargetCb;
        ReadOnlySpan<float> targetCr = patch.TargetCr;
        ReadOnlySpan<float> sourceY = patch.SourceY;
        ReadOnlySpan<float> sourceCb = patch.SourceCb;
        ReadOnlySpan<float> sourceCr = patch.SourceCr;
        for (int x = 0; x < width; x += Lanes.Count)
        {
            int i = row + x;
            Vector256<float> opacity = Lanes.Load(opacities, i);
            Vector256<float> shown = Vector256.GreaterThan(opacity, Vector256<float>.Zero);
            if (shown.AsInt32() == Vector256<int>.Zero)
            {
                continue;
            }

            Vector256<float> skin = (Lanes.Load(skins, i) * opacity) & shown;
            Vector256<float> difference = Lanes.Load(targetY, i) - Lanes.Load(sourceY, i);
            Add(columns, x, skin * difference);
            Add(columns, width + x, skin * (Lanes.Load(targetCb, i) - Lanes.Load(sourceCb, i)));
            Add(columns, (2 * width) + x, skin * (Lanes.Load(targetCr, i) - Lanes.Load(sourceCr, i)));
            Add(columns, (3 * width) + x, opacity * difference);
            Add(columns, (4 * width) + x, skin);
            Add(columns, (5 * width) + x, opacity);
        }
    }

    private static void Add(Span<float> sums, int at, Vector256<float> value) =>
        Lanes.Store(Lanes.Load(sums, at) + value, sums, at);

    private static void Join(ReadOnlySpan<float> columns, int factor, float share, Span<float> blocks)
    {
        for (int x = 0; x < blocks.Length; x++)
        {
            float sum = 0;
            foreach (float value in columns.Slice(x * factor, factor))
            {
                sum += value;
            }

            blocks[x] = sum * share;
        }
    }
}
