namespace FaceFusion.Batch.TestNetworks.Toolchain;

/// <summary>Numbers for weights: the same seed gives the same ones.</summary>
public sealed class RandomWeights(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Evenly from −<paramref name="most"/> to <paramref name="most"/>.</summary>
    public float[] Next(int count, float most = 1)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = ((2 * _random.NextSingle()) - 1) * most;
        }

        return values;
    }

    /// <summary>From 0.5 to 1.5: variances and factors.</summary>
    public float[] Positive(int count) => Array.ConvertAll(Next(count, 0.5f), v => 1 + v);
}
