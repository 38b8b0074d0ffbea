namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>
/// How a plane is prepared for a crop, so that few taps see all of a wide step: it is halved so many times (every 2 × 2 samples become
/// their sum), and then, if <paramref name="Paired"/>, each sample becomes the sum of itself and its neighbours to the right, below and
/// between, in the same grid, half a sample further. Sums, not means: nothing is rounded.
/// </summary>
internal readonly record struct PlaneSums(int Halvings, bool Paired)
{
    /// <summary>Up to this step of luma 2 × 2 bilinear taps see all samples as they are.</summary>
    public const float LumaPlain = 2.5f;

    /// <summary>Up to this step of chroma one tap does. Its finer shades of sharpness are not seen, so pairs begin here.</summary>
    public const float ChromaPlain = 1.5f;

    /// <summary>Up to this step one tap sees all sums of pairs.</summary>
    private const float SinglePairs = 2.5f;

    /// <summary>Up to this step 2 × 2 taps do.</summary>
    private const float PairedStep = 5;

    /// <summary>The plane as it is.</summary>
    public static PlaneSums None { get; }

    /// <summary>Samples of the frame that one of the prepared plane is the sum of.</summary>
    public int Unit => 1 << (2 * (Halvings + (Paired ? 1 : 0)));

    /// <summary>Samples of the halved plane from a sample to the middle of its sum.</summary>
    public float Shift => Paired ? 0.5f : 0;

    /// <summary>
    /// What a step of so many samples asks for: up to <paramref name="plain"/> nothing, beyond that pairs, after as few halvings as bring
    /// it to <c>step / 2ⁿ ≤ 5</c>. Every sum of four takes two bits more, and words have sixteen.
    /// </summary>
    public static PlaneSums For(float step, float plain, int bitDepth)
    {
        int rounds = (16 - bitDepth) / 2;
        if (step <= plain || rounds < 1)
        {
            return None;
        }

        int halvings = 0;
        for (; step > PairedStep && halvings + 1 < rounds; step /= 2)
        {
            halvings++;
        }

        return new(halvings, Paired: true);
    }

    /// <summary>
    /// How many taps a step of the prepared plane takes, and over which part of the step they are spread. Plain samples: one tap up to
    /// a step of 1.5, beyond that <c>k = ⌈step − 0.5⌉</c>, at most 1.5 (soon about 1) samples apart, over the whole step. Pairs are twice
    /// as wide: one tap up to a step of 2.5, beyond that <c>k = ⌈step / 2 − 0.5⌉</c>, at least 2. They blur by themselves, so the taps are
    /// drawn together until all of it together (halving, pair, bilinear tap, k taps) has the variance of a step's box over samples one
    /// wide, <c>(step² + 4⁻ⁿ) / 12</c>: <c>(1 − 4⁻ⁿ) / 12 + 3 / 12 + 2 / 12 + (spread · step)² (1 − k⁻²) / 12</c>. So a turned crop is as
    /// sharp as an upright one.
    /// </summary>
    public (int Taps, float Spread) Along(float step, int most)
    {
        if (!Paired)
        {
            return (Math.Clamp((int)MathF.Ceiling(step - 0.5f), 1, most), 1);
        }

        if (step <= SinglePairs)
        {
            return (1, 1);
        }

        int taps = Math.Clamp((int)MathF.Ceiling((step / 2) - 0.5f), 2, most);
        float sample = 1f / (1 << (2 * Halvings));
        float wanted = (step * step) - 6 + (2 * sample);
        float each = 1 - (1f / (taps * taps));
        return (taps, MathF.Sqrt(wanted / each) / step);
    }
}
