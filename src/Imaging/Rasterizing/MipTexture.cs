namespace FaceFusion.Batch.Imaging.Rasterizing;

/// <summary>
/// A square texture of four interleaved floats a texel (three colour values and an opacity) with its chain of half-size levels, each
/// texel the mean of the four below it.
/// </summary>
public sealed class MipTexture
{
    private const int SmallestSize = 8;
    private readonly float[][] _levels;

    /// <param name="texels">size · size · 4 values; kept, not copied.</param>
    /// <param name="size">A power of two, at least 8.</param>
    public MipTexture(float[] texels, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, SmallestSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(int.IsPow2(size), true, nameof(size));
        ArgumentOutOfRangeException.ThrowIfNotEqual(texels.Length, size * size * 4);
        Size = size;
        _levels = new float[int.Log2(size) - int.Log2(SmallestSize) + 1][];
        _levels[0] = texels;
        for (int i = 1; i < _levels.Length; i++)
        {
            _levels[i] = Halve(_levels[i - 1], size >> i);
        }
    }

    /// <summary>Edge of level 0 in texels.</summary>
    public int Size { get; }

    public int LevelCount => _levels.Length;

    public ReadOnlySpan<float> Level(int level) => _levels[level];

    private static float[] Halve(float[] above, int size)
    {
        float[] below = new float[size * size * 4];
        int rowAbove = size * 8;
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                int from = (2 * y * rowAbove) + (8 * x);
                int to = ((y * size) + x) * 4;
                for (int k = 0; k < 4; k++)
                {
                    below[to + k] =
                        0.25f
                        * (
                            above[from + k]
                            + above[from + 4 + k]
                            + above[from + rowAbove + k]
                            + above[from + rowAbove + 4 + k]
                        );
                }
            }
        }

        return below;
    }
}
