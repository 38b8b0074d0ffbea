namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// A slope through the skin of an atlas plane: linear in u and v, fitted with Tukey's biweight from the median on, so that hair, shadows
/// and highlights do not pull it. The light on a face changes that slowly; what departs from the slope is something else.
/// </summary>
internal sealed class ShadingFit
{
    private const int Terms = 3;
    private const int Rounds = 6;
    private const float Reach = 3f;
    private const float NormalMad = 1.4826f;
    private readonly double[] _weights = new double[Terms];

    /// <summary>Robust standard deviation of the skin about the slope.</summary>
    public float Deviation { get; private set; }

    /// <param name="plane">size · size values.</param>
    /// <param name="samples">Indices of the values that count.</param>
    /// <param name="size">Edge of the plane.</param>
    /// <param name="smallestDeviation">Lower bound of <see cref="Deviation"/>.</param>
    public static ShadingFit Of(float[] plane, IReadOnlyList<int> samples, int size, float smallestDeviation)
    {
        ShadingFit fit = new();
        double[] trust = new double[samples.Count];
        float[] residuals = new float[samples.Count];
        float[] values = [.. samples.Select(i => plane[i]).Order()];
        fit._weights[0] = values[values.Length / 2];
        for (int round = 0; round < Rounds; round++)
        {
            if (round > 0)
            {
                fit.Solve(plane, samples, size, trust);
            }

            for (int i = 0; i < samples.Count; i++)
            {
                residuals[i] = MathF.Abs(plane[samples[i]] - fit.At(samples[i], size));
            }

            float[] sorted = (float[])residuals.Clone();
            Array.Sort(sorted);
            fit.Deviation = MathF.Max(smallestDeviation, NormalMad * sorted[sorted.Length / 2]);
            for (int i = 0; i < trust.Length; i++)
            {
                double far = residuals[i] / (Reach * fit.Deviation);
                trust[i] = far >= 1 ? 0 : (1 - (far * far)) * (1 - (far * far));
            }
        }

        return fit;
    }

    /// <summary>The slope at one value of the plane.</summary>
    public float At(int index, int size)
    {
        Span<double> terms = stackalloc double[Terms];
        Expand(index, size, terms);
        double sum = 0;
        for (int i = 0; i < Terms; i++)
        {
            sum += terms[i] * _weights[i];
        }

        return (float)sum;
    }

    private static void Expand(int index, int size, Span<double> terms)
    {
        double x = (2.0 * (index % size) / size) - 1;
        double y = (2.0 * (index / size) / size) - 1;
        terms[0] = 1;
        terms[1] = x;
        terms[2] = y;
    }

    /// <summary>Normal equations by Gauss-Jordan elimination: symmetric and positive, so no pivoting is needed; the ridge keeps few samples solvable.</summary>
    private void Solve(float[] plane, IReadOnlyList<int> samples, int size, double[] trust)
    {
        const double Ridge = 1e-6;
        double[,] m = new double[Terms, Terms + 1];
        Span<double> terms = stackalloc double[Terms];
        for (int s = 0; s < samples.Count; s++)
        {
            Expand(samples[s], size, terms);
            for (int i = 0; i < Terms; i++)
            {
                for (int j = 0; j < Terms; j++)
                {
                    m[i, j] += trust[s] * terms[i] * terms[j];
                }

                m[i, Terms] += trust[s] * terms[i] * plane[samples[s]];
            }
        }

        for (int i = 0; i < Terms; i++)
        {
            m[i, i] += Ridge * (samples.Count + 1);
        }

        for (int pivot = 0; pivot < Terms; pivot++)
        {
            for (int row = 0; row < Terms; row++)
            {
                double factor = row == pivot ? 0 : m[row, pivot] / m[pivot, pivot];
                for (int column = pivot; factor != 0 && column <= Terms; column++)
                {
                    m[row, column] -= factor * m[pivot, column];
                }
            }
        }

        for (int i = 0; i < Terms; i++)
        {
            _weights[i] = m[i, Terms] / m[i, i];
        }
    }
}
