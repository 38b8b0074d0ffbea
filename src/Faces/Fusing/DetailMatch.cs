using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// Gives the source the target's sharpness: the two finest bands of luma are weakened (or slightly strengthened) until their energy
/// stands to the energy below as it does in the target. What the target's skin has in the finest band beyond that is grain.
/// </summary>
internal sealed class DetailMatch
{
    private const float LeastGain = 0.25f;
    private const float MostGain = 1.25f;

    /// <summary>Part of the deviation of <see cref="NoiseTile"/> that lies in the finest band.</summary>
    private const float GrainInBand = 0.72f;
    private float[] _row = [];

    /// <summary>Changes the source's luma in place.</summary>
    /// <returns>Standard deviation of the grain to add.</returns>
    public float Apply(FusePatch patch)
    {
        int needed = patch.Width + Binomial.Margin;
        if (_row.Length < needed)
        {
            _row = new float[needed + (needed / 4)];
        }

        Span<float> once = patch.ScratchA;
        Span<float> twice = patch.ScratchB;
        DetailBands target = Split(patch, patch.TargetY, once, twice);
        DetailBands source = Split(patch, patch.SourceY, once, twice);
        float fine = Gain(source.Fine, source.Below, target.Fine, target.Below);
        float middle = Gain(source.Middle, source.Below, target.Middle, target.Below);
        Join(patch.SourceY, once, twice, fine, middle);
        float missing = (target.Grain * target.Grain) - (fine * fine * source.Grain * source.Grain);
        return missing > 0 ? Math.Min(MathF.Sqrt(missing) / GrainInBand, DetailBands.MostGrain) : 0;
    }

    private static float Gain(float source, float sourceBelow, float target, float targetBelow)
    {
        const float Quiet = 0.05f;
        float contrast = Math.Clamp((sourceBelow + Quiet) / (targetBelow + Quiet), 0.6f, 1.7f);
        return Math.Clamp((target + Quiet) / (source + Quiet) * contrast, LeastGain, MostGain);
    }

    private DetailBands Split(FusePatch patch, ReadOnlySpan<float> luma, Span<float> once, Span<float> twice)
    {
        Binomial.Apply(luma, patch.Width, patch.Height, 1, once, _row);
        Binomial.Apply(once, patch.Width, patch.Height, 2, twice, _row);
        return DetailBands.Measure(patch, luma, once, twice);
    }

    /// <summary>The low part and the two bands again, each with its gain. A vector does to eight pixels what it would to one.</summary>
    private static void Join(Span<float> luma, Span<float> once, Span<float> twice, float fine, float middle)
    {
        Vector256<float> fines = Vector256.Create(fine);
        Vector256<float> middles = Vector256.Create(middle);
        for (int i = 0; i < luma.Length; i += Lanes.Count)
        {
            Vector256<float> a = Lanes.Load(once, i);
            Vector256<float> b = Lanes.Load(twice, i);
            Lanes.Store(b + (middles * (a - b)) + (fines * (Lanes.Load(luma, i) - a)), luma, i);
        }
    }
}
