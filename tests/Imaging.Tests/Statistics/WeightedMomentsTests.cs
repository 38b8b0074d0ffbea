using FaceFusion.Batch.Imaging.Statistics;
using FaceFusion.Batch.Imaging.Tests.Support;

namespace FaceFusion.Batch.Imaging.Tests.Statistics;

public sealed class WeightedMomentsTests
{
    [Fact]
    public void Of_AnyLength_IsTheTextbookValue()
    {
        Random random = new(4);
        for (int count = 1; count <= 130; count++)
        {
            float[] values = [.. Enumerable.Range(0, count).Select(_ => 255 * random.NextSingle())];
            float[] weights = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() + 0.01f)];
            double weight = weights.Sum(w => (double)w);
            double mean = values.Zip(weights, (v, w) => (double)v * w).Sum() / weight;
            double variance = values.Zip(weights, (v, w) => w * Math.Pow(v - mean, 2)).Sum() / weight;
            WeightedMoments moments = WeightedMoments.Of(values, weights);
            Assert.Equal(weight, moments.Weight, 1e-3);
            Assert.Equal(mean, moments.Mean, 1e-3);
            Assert.Equal(Math.Sqrt(variance), moments.StandardDeviation, 1e-2);
        }
    }

    /// <summary>The sixteen lanes written out: the same bits, whatever the machine's vectors.</summary>
    [Fact]
    public void Of_Lanes_AreTheSpecification()
    {
        Random random = new(5);
        float[] values = [.. Enumerable.Range(0, 1003).Select(_ => 255 * random.NextSingle())];
        float[] weights = [.. Enumerable.Range(0, 1003).Select(_ => random.NextSingle())];
        float[] sums = new float[16],
            totals = new float[16];
        for (int i = 0; i < values.Length; i++)
        {
            totals[i % 16] += weights[i];
            sums[i % 16] += weights[i] * values[i];
        }

        float total = 0,
            sum = 0;
        for (int lane = 0; lane < 16; lane++)
        {
            total += totals[lane];
            sum += sums[lane];
        }

        Assert.Equal(sum / total, WeightedMoments.Of(values, weights).Mean);
    }

    [Fact]
    public void Of_NoWeight_IsZero()
    {
        Assert.Equal(default, WeightedMoments.Of([1, 2, 3], [0, 0, 0]));
        Assert.Equal(default, WeightedMoments.Of([], []));
    }

    [Fact]
    public void Of_Twice_AllocatesNothing()
    {
        float[] values = new float[1000];
        Assert.Equal(0, Allocations.Of(() => WeightedMoments.Of(values, values)));
    }
}
