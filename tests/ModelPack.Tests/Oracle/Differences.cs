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
}
