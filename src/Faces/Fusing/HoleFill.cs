namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// Fills what is not known of a plane smoothly from what is around it: weighted means down a pyramid, and back up where the finer level
/// knows too little (push-pull, Gortler et al. 1996).
/// </summary>
internal static class HoleFill
{
    /// <param name="plane">size · size values; unknown ones are replaced.</param>
    /// <param name="known">0 to 1 for each value; not changed.</param>
    /// <param name="size">A power of two.</param>
    public static void Apply(float[] plane, float[] known, int size)
    {
        int levels = int.Log2(size);
        float[][] values = new float[levels + 1][];
        float[][] weights = new float[levels + 1][];
        values[0] = plane;
        weights[0] = known;
        for (int i = 1; i <= levels; i++)
        {
            (values[i], weights[i]) = Push(values[i - 1], weights[i - 1], size >> i);
        }

        for (int i = levels - 1; i >= 0; i--)
        {
            Pull(values[i], weights[i], values[i + 1], size >> i);
        }
    }

    private static (float[] Values, float[] Weights) Push(float[] above, float[] weightAbove, int size)
    {
        float[] values = new float[size * size];
        float[] weights = new float[size * size];
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                int from = (4 * y * size) + (2 * x);
                ReadOnlySpan<int> four = [from, from + 1, from + (2 * size), from + (2 * size) + 1];
                float sum = 0;
                float weight = 0;
                foreach (int i in four)
                {
                    sum += above[i] * weightAbove[i];
                    weight += weightAbove[i];
                }

                int to = (y * size) + x;
                values[to] = weight > 0 ? sum / weight : 0;
                weights[to] = Math.Min(1, weight);
            }
        }

        return (values, weights);
    }

    private static void Pull(float[] values, float[] weights, float[] below, int size)
    {
        int half = size / 2;
        for (int y = 0; y < size; y++)
        {
            float fy = Math.Clamp(((y + 0.5f) * 0.5f) - 0.5f, 0, half - 1);
            int y0 = (int)fy;
            int y1 = Math.Min(y0 + 1, half - 1);
            for (int x = 0; x < size; x++)
            {
                int at = (y * size) + x;
                float weight = weights[at];
                if (weight >= 1)
                {
                    continue;
                }

                float fx = Math.Clamp(((x + 0.5f) * 0.5f) - 0.5f, 0, half - 1);
                int x0 = (int)fx;
                int x1 = Math.Min(x0 + 1, half - 1);
                float upper = float.Lerp(below[(y0 * half) + x0], below[(y0 * half) + x1], fx - x0);
                float lower = float.Lerp(below[(y1 * half) + x0], below[(y1 * half) + x1], fx - x0);
                values[at] = (values[at] * weight) + (float.Lerp(upper, lower, fy - y0) * (1 - weight));
            }
        }
    }
}
