namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>The specification: down first, then across.</summary>
public static partial class Upscale
{
    internal static void MixRowsScalar(
        ReadOnlySpan<float> above,
        ReadOnlySpan<float> below,
        float fy,
        Span<float> line,
        int first
    )
    {
        for (int x = first; x < above.Length; x++)
        {
            line[x] = above[x] + (fy * (below[x] - above[x]));
        }
    }

    internal static void SpreadScalar(ReadOnlySpan<float> line, int count, int factor, Span<float> into, int first)
    {
        int last = count - 1;
        float share = 1f / factor;
        for (int x = first; x < into.Length; x++)
        {
            float at = Math.Clamp(((x + 0.5f) * share) - 0.5f, 0, last);
            int left = (int)at;
            int right = Math.Min(left + 1, last);
            into[x] = line[left] + ((at - left) * (line[right] - line[left]));
        }
    }
}
