using FaceFusion.Batch.Imaging.Filtering;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>Makes one picture of the face from the layers of several photos, and fills the side that no photo shows from the other.</summary>
internal static class AtlasBlend
{
    /// <summary>A mirrored texel begins to replace one that is known this many times worse, and has replaced it after the range.</summary>
    private const float MirrorFrom = 1.6f;
    private const float MirrorRange = 1.2f;

    /// <summary>How much better a later photo must show a texel than the one before it.</summary>
    private const float Preference = 0.8f;

    /// <summary>Chroma further than this from the skin's is drawn in to a share of the rest, less so towards grey.</summary>
    private const float Vivid = 8;
    private const float VividShare = 0.6f;
    private const float GreyShare = 1;

    /// <summary>Chroma that something dark may have, relative to the skin's in the same light.</summary>
    private const float DarkChroma = 1.2f;

    /// <summary>Blends the layers, the best first: each texel from the photo that shows it best, softly.</summary>
    public static AtlasPlanes Combine(IReadOnlyList<AtlasPlanes> layers, float[] skin)
    {
        AtlasPlanes best = layers[0];
        if (layers.Count == 1)
        {
            return best;
        }

        int size = best.Size;
        AtlasPlanes result = new(size);
        float[] sums = new float[size * size];
        float[] scratch = new float[size * size];
        float preference = 1;
        foreach (AtlasPlanes layer in layers)
        {
            MatchColors(layer, best, skin);
            float[] weights = new float[size * size];
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = MathF.Pow(layer.Known[i] * preference, 8);
            }

            BoxBlur.Apply(weights, size, size, Math.Max(1, size / 64), 2, scratch);
            for (int i = 0; i < weights.Length; i++)
            {
                float weight = layer.Known[i] > 0 ? MathF.Max(weights[i], 0) + 1e-9f : 0;
                sums[i] += weight;
                result.Y[i] += weight * layer.Y[i];
                result.Cb[i] += weight * layer.Cb[i];
                result.Cr[i] += weight * layer.Cr[i];
                result.Opacity[i] += weight * layer.Opacity[i];
                result.Known[i] = MathF.Max(result.Known[i], layer.Known[i]);
            }

            preference *= Preference;
        }

        foreach (float[] plane in (float[][])[.. result.Colors, result.Opacity])
        {
            for (int i = 0; i < sums.Length; i++)
            {
                plane[i] = sums[i] > 0 ? plane[i] / sums[i] : 0;
            }
        }

        return result;
    }

    /// <summary>
    /// Where the other side is known much better, its mirror image takes over. The difference between the sides, known where both are, is
    /// carried smoothly into the filled part, so that light from one side leaves no seam.
    /// </summary>
    public static void FillFromMirror(AtlasPlanes face)
    {
        int size = face.Size;
        float[] known = (float[])face.Known.Clone();
        float[] shares = new float[known.Length];
        float[] both = new float[known.Length];
        for (int i = 0; i < known.Length; i++)
        {
            int other = Mirrored(i, size);
            float ratio = known[other] / (known[i] + 1e-4f);
            shares[i] = Math.Clamp((ratio - MirrorFrom) / MirrorRange, 0, 1);
            both[i] =
                known[i] > 0.25f && known[other] > 0.25f ? MathF.Min(known[i], known[other]) * (1 - shares[i]) : 0;
            face.Known[i] = MathF.Max(known[i], shares[i] * known[other] * 0.9f);
        }

        float[] opacity = (float[])face.Opacity.Clone();
        for (int i = 0; i < opacity.Length; i++)
        {
            face.Opacity[i] = float.Lerp(opacity[i], opacity[Mirrored(i, size)], shares[i]);
        }

        foreach (float[] plane in face.Colors)
        {
            float[] mirror = new float[plane.Length];
            float[] difference = new float[plane.Length];
            for (int i = 0; i < plane.Length; i++)
            {
                mirror[i] = plane[Mirrored(i, size)];
                difference[i] = plane[i] - mirror[i];
            }

            HoleFill.Apply(difference, both, size);
            for (int i = 0; i < plane.Length; i++)
            {
                plane[i] = float.Lerp(plane[i], mirror[i] + difference[i], shares[i]);
            }
        }
    }

    /// <summary>
    /// Chroma that departs far from the skin's (lipstick, the red of nostrils and lids in a flash) is drawn in: on another skin and in
    /// another light it would glare. What departs towards grey (brows, lashes) stays; and what is dark has little chroma, as light has it.
    /// </summary>
    public static void CalmChroma(AtlasPlanes face, float[] skin)
    {
        float luma = SkinMean(face.Y, face.Known, skin);
        foreach (float[] plane in (float[][])[face.Cb, face.Cr])
        {
            float mean = SkinMean(plane, face.Known, skin);
            for (int i = 0; i < plane.Length; i++)
            {
                float far = plane[i] - mean;
                bool towardsGrey = far * mean < 0;
                float share = towardsGrey ? GreyShare : VividShare;
                float excess = MathF.Max(MathF.Abs(far) - Vivid, 0);
                plane[i] -= MathF.CopySign(excess * (1 - share), far);
                float lit = Math.Clamp(face.Y[i] / luma, 0, 1);
                float most = MathF.Abs(mean) * lit * DarkChroma;
                if (lit < 1 && plane[i] * mean > 0 && MathF.Abs(plane[i]) > most)
                {
                    plane[i] = MathF.CopySign(float.Lerp(most, MathF.Abs(plane[i]), lit), plane[i]);
                }
            }
        }
    }

    /// <summary>Mean of a plane over plain skin, as far as it is known.</summary>
    public static float SkinMean(float[] plane, float[] known, float[] skin)
    {
        double sum = 0;
        double weight = 1e-6;
        for (int i = 0; i < plane.Length; i++)
        {
            double share = skin[i] > 0.9f ? known[i] : 0;
            sum += share * plane[i];
            weight += share;
        }

        return (float)(sum / weight);
    }

    private static int Mirrored(int index, int size) => index - (index % size) + (size - 1 - (index % size));

    /// <summary>Mean and spread of each channel on skin that both layers show.</summary>
    private static void MatchColors(AtlasPlanes layer, AtlasPlanes reference, float[] skin)
    {
        if (ReferenceEquals(layer, reference))
        {
            return;
        }

        for (int k = 0; k < 3; k++)
        {
            double weight = 0;
            double a = 0;
            double aa = 0;
            double b = 0;
            double bb = 0;
            float[] from = layer.Colors[k];
            float[] to = reference.Colors[k];
            for (int i = 0; i < from.Length; i++)
            {
                if (skin[i] < 0.9f)
                {
                    continue;
                }

                double w = layer.Known[i] * reference.Known[i];
                weight += w;
                a += w * from[i];
                aa += w * from[i] * from[i];
                b += w * to[i];
                bb += w * to[i] * to[i];
            }

            if (weight < 16)
            {
                continue;
            }

            double meanFrom = a / weight;
            double meanTo = b / weight;
            double gain = Math.Sqrt(
                Math.Max(1, (bb / weight) - (meanTo * meanTo)) / Math.Max(1, (aa / weight) - (meanFrom * meanFrom))
            );
            gain = Math.Clamp(gain, 0.7, 1.4);
            for (int i = 0; i < from.Length; i++)
            {
                from[i] = (float)(((from[i] - meanFrom) * gain) + meanTo);
            }
        }
    }
}
