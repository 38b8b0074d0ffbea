namespace FaceFusion.Batch.Faces.Masking;

/// <summary>Weights of a Gaussian blur as OpenCV makes them for pictures of floats.</summary>
public static class GaussianKernel
{
    /// <summary>
    /// The next odd number from 8σ + 1 rounded (half to even) on, which reaches 4σ to each side; weights of sum 1 (OpenCV,
    /// <c>GaussianBlur</c> with a kernel size of 0).
    /// </summary>
    /// <param name="sigma">Standard deviation in pixels, above 0.</param>
    public static float[] Of(float sigma)
    {
        if (!(sigma > 0) || !float.IsFinite(sigma))
        {
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "Must be above 0.");
        }

        int taps = (int)Math.Round((sigma * 8.0) + 1, MidpointRounding.ToEven) | 1;
        double[] weights = new double[taps];
        double middle = (taps - 1) * 0.5;
        for (int i = 0; i < taps; i++)
        {
            double x = i - middle;
            weights[i] = Math.Exp(-x * x / (2.0 * sigma * sigma));
        }

        double sum = weights.Sum();
        return [.. weights.Select(weight => (float)(weight / sum))];
    }

    /// <summary>
    /// The place inside a line of <paramref name="length"/> that a place beyond its ends takes its value from: mirrored at the last sample,
    /// which is not doubled (OpenCV's <c>BORDER_REFLECT_101</c>).
    /// </summary>
    public static int Reflect(int place, int length)
    {
        if (length == 1)
        {
            return 0;
        }

        int period = 2 * (length - 1);
        int at = ((place % period) + period) % period;
        return at < length ? at : period - at;
    }
}
