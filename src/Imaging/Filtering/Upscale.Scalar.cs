namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>The specification: down first, then across.</summary>
public static partial class Upscale
{
    internal static void RowScalar(
        ReadOnlySpan<float> above,
        ReadOnlySpan<float> below,
        float fy,
        int factor,
        Span<float> into,
        int firstColumn
    )
    {
        int last = above.Length - 1;
        for (int x = firstColumn; x < into.Length; x++)
        {
            float at = Math.Clamp(((x + 0.5f) / factor) - 0.5f, 0, last);
            int left = (int)at;
            int right = Math.Min(left + 1, last);
            float fx = at - left;
            float a = above[left] + (fy * (below[left] - above[left]));
            float b = above[right] + (fy * (below[right] - above[right]));
            into[x] = a + (fx * (b - a));
        }
    }
}
