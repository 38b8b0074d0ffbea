namespace FaceFusion.Batch.Faces.Fusing;

internal static partial class Binomial
{
    internal static void DownScalar(
        ReadOnlySpan<float> above,
        ReadOnlySpan<float> here,
        ReadOnlySpan<float> below,
        Span<float> to
    )
    {
        for (int x = 0; x < to.Length; x++)
        {
            to[x] = (0.5f * here[x]) + (0.25f * (above[x] + below[x]));
        }
    }

    internal static void AcrossScalar(ReadOnlySpan<float> row, int step, Span<float> to)
    {
        for (int x = 0; x < to.Length; x++)
        {
            to[x] = (0.5f * row[x + 2]) + (0.25f * (row[x + 2 - step] + row[x + 2 + step]));
        }
    }
}
