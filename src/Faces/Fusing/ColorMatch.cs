using System.Numerics;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// The linear map of each channel that gives the source's skin the target's mean and spread. Spreads are followed only so far: a strong
/// gain would turn lips and make-up garish, a weak one would flatten the face.
/// </summary>
internal readonly record struct ColorMatch(Vector4 Gain, Vector4 Offset)
{
    private const float LeastGainY = 0.6f;
    private const float MostGainY = 1.3f;
    private const float MostOverLight = 1.05f;
    private const float LeastGainChroma = 0.5f;
    private const float MostGainChroma = 1.1f;

    /// <summary>The fourth lane, opacity, passes unchanged.</summary>
    public static ColorMatch Between(in FaceColor source, in FaceColor target)
    {
        float y = Ratio(source.DeviationY, target.DeviationY, LeastGainY, MostGainY);

        // Light scales a face's contrast with its brightness: a darker picture never takes much more of it than that.
        y = MathF.Min(y, MathF.Max(target.MeanY / MathF.Max(source.MeanY, 1) * MostOverLight, LeastGainY));
        float cb = Chroma(source.DeviationCb, target.DeviationCb, y);
        float cr = Chroma(source.DeviationCr, target.DeviationCr, y);
        return new ColorMatch(
            new Vector4(y, cb, cr, 1),
            new Vector4(
                target.MeanY - (y * source.MeanY),
                target.MeanCb - (cb * source.MeanCb),
                target.MeanCr - (cr * source.MeanCr),
                0
            )
        );
    }

    /// <summary>Less light means less contrast of colour too: the gain lies half way between what the spread says and that of luma.</summary>
    private static float Chroma(float source, float target, float luma) =>
        Math.Clamp(
            MathF.Sqrt(Ratio(source, target, LeastGainChroma, MostGainChroma) * luma),
            LeastGainChroma,
            MostGainChroma
        );

    private static float Ratio(float source, float target, float least, float most) =>
        source > 0.1f && float.IsFinite(target) ? Math.Clamp(target / source, least, most) : 1;
}
