namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// Film grain that is the same whenever a frame is made: a fixed ring of noise, read from a place that the absolute frame number and the
/// row decide. Unit variance, softened over three pixels as compressed video's grain is.
/// </summary>
internal static class NoiseTile
{
    /// <summary>Values in the ring; a power of two.</summary>
    private const int Ring = 8192;

    /// <summary>Values behind the ring's end that repeat its beginning, so that a run needs no wrapping.</summary>
    public const int LongestRun = 64;
    private static readonly float[] Values = Make();

    /// <summary>The next <paramref name="length"/> values (at most <see cref="LongestRun"/>) from pixel <paramref name="x"/> of a row on.</summary>
    public static ReadOnlySpan<float> Run(uint rowKey, int x, int length) =>
        Values.AsSpan((int)((rowKey + (uint)x) & (Ring - 1)), length);

    /// <summary>What a row of a frame reads by.</summary>
    public static uint RowKey(int frame, int y) => Mix(((uint)frame * 0x9E3779B1u) ^ ((uint)y * 0x85EBCA77u));

    /// <summary>Final mixing of MurmurHash3 (Appleby).</summary>
    private static uint Mix(uint h)
    {
        h ^= h >> 16;
        h *= 0x85EBCA6Bu;
        h ^= h >> 13;
        h *= 0xC2B2AE35u;
        return h ^ (h >> 16);
    }

    private static float[] Make()
    {
        float[] white = new float[Ring];
        for (int i = 0; i < Ring; i++)
        {
            // The sum of four uniform values is close enough to normal for grain.
            float sum = 0;
            for (uint k = 0; k < 4; k++)
            {
                sum += (Mix(((uint)i * 4) + k + 1) / (float)uint.MaxValue) - 0.5f;
            }

            white[i] = sum;
        }

        float[] values = new float[Ring + LongestRun];
        double square = 0;
        for (int i = 0; i < Ring; i++)
        {
            float soft = white[i] + (0.5f * (white[(i + 1) & (Ring - 1)] + white[(i - 1) & (Ring - 1)]));
            values[i] = soft;
            square += soft * soft;
        }

        float scale = (float)(1 / Math.Sqrt(square / Ring));
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i < Ring ? values[i] * scale : values[i - Ring];
        }

        return values;
    }
}
