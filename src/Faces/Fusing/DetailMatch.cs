namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// Gives the source the target's sharpness: the two finest bands of luma are weakened (or slightly strengthened) until their energy
/// stands to the energy below as it does in the target. What the target's skin has in the finest band beyond that is grain.
/// </summary>
internal sealed class DetailMatch
{
    private const float LeastGain = 0.25f;
    private const float MostGain = 1.25f;

    /// <summary>Deviation that unit grain of <see cref="NoiseTile"/> keeps in the finest band.</summary>
    private const float GrainInBand = 0.72f;
    private const float MostGrain = 12;
    private float[] _row = [];

    /// <summary>Changes the source's luma in place.</summary>
    /// <returns>Standard deviation of the grain to add.</returns>
    public float Apply(FusePatch patch)
    {
        int width = patch.Width;
        int height = patch.Height;
        if (_row.Length < width + 4)
        {
            _row = new float[width + (width / 4) + 4];
        }

        Span<float> once = patch.ScratchA;
        Span<float> twice = patch.ScratchB;
        Bands target = Measure(patch, patch.TargetY, once, twice);
        Bands source = Measure(patch, patch.SourceY, once, twice);
        float fine = Gain(source.Fine, source.Below, target.Fine, target.Below);
        float middle = Gain(source.Middle, source.Below, target.Middle, target.Below);
        Span<float> luma = patch.SourceY;
        for (int i = 0; i < luma.Length; i++)
        {
            luma[i] = twice[i] + (middle * (once[i] - twice[i])) + (fine * (luma[i] - once[i]));
        }

        float missing = (target.Grain * target.Grain) - (fine * fine * source.Grain * source.Grain);
        return missing > 0 ? Math.Min(MathF.Sqrt(missing) / GrainInBand, MostGrain) : 0;
    }

    private static float Gain(float source, float sourceBelow, float target, float targetBelow)
    {
        const float Quiet = 0.05f;
        float contrast = Math.Clamp((sourceBelow + Quiet) / (targetBelow + Quiet), 0.6f, 1.7f);
        return Math.Clamp((target + Quiet) / (source + Quiet) * contrast, LeastGain, MostGain);
    }

    /// <summary>Root mean squares of the bands where the face is, and of the finest on plain skin.</summary>
    private Bands Measure(FusePatch patch, ReadOnlySpan<float> luma, Span<float> once, Span<float> twice)
    {
        Binomial.Apply(luma, patch.Width, patch.Height, 1, once, _row);
        Binomial.Apply(once, patch.Width, patch.Height, 2, twice, _row);
        ReadOnlySpan<float> opacity = patch.Opacity;
        ReadOnlySpan<float> skin = patch.Skin;
        ReadOnlySpan<float> depth = patch.Depth;
        float fine = 0;
        float middle = 0;
        float below = 0;
        float grain = 0;
        float faceWeight = 1e-3f;
        float skinWeight = 1e-3f;
        int rowEnd = patch.Width;
        for (int y = 4; y < patch.Height - 4; y++)
        {
            int row = y * patch.Width;
            for (int x = 4; x < rowEnd - 4; x++)
            {
                int i = row + x;
                float weight = opacity[i];
                if (weight <= 0.5f)
                {
                    continue;
                }

                float a = luma[i] - once[i];
                float b = once[i] - twice[i];
                float onSkin = skin[i] * weight;
                float onFeatures = weight - onSkin;

                // The next band, from neighbours four pixels away.
                float c =
                    twice[i]
                    - (0.25f * (twice[i - 4] + twice[i + 4] + twice[i - (4 * rowEnd)] + twice[i + (4 * rowEnd)]));
                float clipped = MathF.Min(a * a, MostGrain * MostGrain);
                grain += onSkin * clipped;
                skinWeight += onSkin;
                fine += onFeatures * a * a;
                middle += onFeatures * b * b;
                below += onFeatures * c * c;
                faceWeight += onFeatures;
            }
        }

        float skinNoise = grain / skinWeight;
        return new Bands(
            MathF.Sqrt(MathF.Max((fine / faceWeight) - skinNoise, 0)),
            MathF.Sqrt(middle / faceWeight),
            MathF.Sqrt(below / faceWeight),
            MathF.Sqrt(skinNoise)
        );
    }

    private readonly record struct Bands(float Fine, float Middle, float Below, float Grain);
}
