using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Imaging.Statistics;

/// <summary>Mean and standard deviation of values under weights; all zero where the weights sum to nothing.</summary>
public readonly record struct WeightedMoments(float Mean, float StandardDeviation, float Weight)
{
    /// <summary>
    /// Two passes over <paramref name="values"/> with <paramref name="weights"/> (≥ 0, as many or more). Sums run in sixteen lanes
    /// (value i in lane i mod 16) on every machine, so the result does not depend on the width of its vectors.
    /// </summary>
    public static WeightedMoments Of(ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
    {
        weights = weights[..values.Length];
        (float weight, float sum) = Sum<First>(values, weights, 0);
        if (!(weight > 0))
        {
            return default;
        }

        float mean = sum / weight;
        (_, float squares) = Sum<Second>(values, weights, mean);
        return new(mean, MathF.Sqrt(Math.Max(squares / weight, 0)), weight);
    }

    private static (float Weight, float Sum) Sum<TTerm>(
        ReadOnlySpan<float> values,
        ReadOnlySpan<float> weights,
        float mean
    )
        where TTerm : struct, ITerm
    {
        Span<float> lanes = stackalloc float[32];
        lanes.Clear();
        int done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            Vector256<float> weightLow = default,
                weightHigh = default,
                sumLow = default,
                sumHigh = default;
            Vector256<float> center = Vector256.Create(mean);
            for (; done <= values.Length - 16; done += 16)
            {
                Vector256<float> low = Vector256.Create(weights[done..]);
                Vector256<float> high = Vector256.Create(weights[(done + 8)..]);
                weightLow += low;
                weightHigh += high;
                sumLow += low * TTerm.Of(Vector256.Create(values[done..]), center);
                sumHigh += high * TTerm.Of(Vector256.Create(values[(done + 8)..]), center);
            }

            weightLow.CopyTo(lanes);
            weightHigh.CopyTo(lanes[8..]);
            sumLow.CopyTo(lanes[16..]);
            sumHigh.CopyTo(lanes[24..]);
        }

        for (; done < values.Length; done++)
        {
            lanes[done & 15] += weights[done];
            lanes[16 + (done & 15)] += weights[done] * TTerm.Of(values[done], mean);
        }

        return (Fold(lanes[..16]), Fold(lanes[16..]));
    }

    private static float Fold(ReadOnlySpan<float> lanes)
    {
        float sum = 0;
        foreach (float lane in lanes)
        {
            sum += lane;
        }

        return sum;
    }

    private interface ITerm
    {
        static abstract float Of(float value, float mean);
        static abstract Vector256<float> Of(Vector256<float> value, Vector256<float> mean);
    }

    private readonly struct First : ITerm
    {
        public static float Of(float value, float mean) => value;

        public static Vector256<float> Of(Vector256<float> value, Vector256<float> mean) => value;
    }

    private readonly struct Second : ITerm
    {
        public static float Of(float value, float mean) => (value - mean) * (value - mean);

        public static Vector256<float> Of(Vector256<float> value, Vector256<float> mean) =>
            (value - mean) * (value - mean);
    }
}
