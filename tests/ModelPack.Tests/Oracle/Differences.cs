namespace FaceFusion.Batch.ModelPack.Tests.Oracle;

internal static class Differences
{
    public static float Largest(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
        }

        return float.IsNaN(largest) ? float.PositiveInfinity : largest;
    }

    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Assert.Equal(a.Length, b.Length);
        double product = 0;
        double squareOfA = 0;
        double squareOfB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            squareOfA += (double)a[i] * a[i];
            squareOfB += (double)b[i] * b[i];
        }

        return product / Math.Sqrt(squareOfA * squareOfB);
    }
}
