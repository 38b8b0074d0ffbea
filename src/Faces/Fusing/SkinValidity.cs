using FaceFusion.Batch.Imaging.Filtering;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>
/// Which texels of a photo's layer are skin and not hair, glasses' rims or fingers: those that do not depart too far from the smooth
/// shading of the face in Y, Cb and Cr. Brows, eyes, lips and nostrils always count as valid; a beard does too, because it belongs to the
/// person.
/// </summary>
internal static class SkinValidity
{
    /// <summary>Distance in deviations at which a texel stops being skin, and over how many it fades.</summary>
    private const float Furthest = 3.6f;
    private const float Fade = 1.2f;

    /// <summary>How much more a texel seen edge on may depart in luma than one seen squarely.</summary>
    private const float TurnedShade = 1.5f;

    /// <summary>Share of the chin that must depart from the shading to be called a beard.</summary>
    private const float BeardShare = 0.35f;
    private const float SeenEnough = 0.6f;

    /// <summary>Skin is learnt from the middle of the face: hair covers the sides more often than not.</summary>
    private const float MiddleRim = 0.05f;
    private const int Stride = 3;

    /// <summary>Lowers what the layer knows, and its opacity, where it is not skin.</summary>
    /// <param name="layer">A baked photo.</param>
    /// <param name="regions">Where the skin is, and the outer parts of the face.</param>
    /// <param name="mouthRow">First row of texels below the mouth's corners.</param>
    public static void Apply(AtlasPlanes layer, AtlasRegions regions, int mouthRow)
    {
        int size = layer.Size;
        float[] skin = regions.Skin;
        List<int> samples = [];
        for (int y = 0; y < size; y += Stride)
        {
            for (int x = 0; x < size; x += Stride)
            {
                int i = (y * size) + x;
                if (skin[i] > 0.9f && regions.Rim[i] < MiddleRim && layer.Known[i] > SeenEnough)
                {
                    samples.Add(i);
                }
            }
        }

        if (samples.Count < 64)
        {
            return;
        }

        ShadingFit y0 = ShadingFit.Of(layer.Y, samples, size, 8);
        ShadingFit cb = ShadingFit.Of(layer.Cb, samples, size, 2.5f);
        ShadingFit cr = ShadingFit.Of(layer.Cr, samples, size, 2.5f);
        float[] valid = new float[size * size];
        for (int i = 0; i < valid.Length; i++)
        {
            valid[i] = skin[i] < 0.7f ? 1 : Judge(i);
        }

        bool beard = IsBearded(valid, skin, size, mouthRow);
        KeepOnlyFromOutside(valid, skin, size);
        Tidy(valid, size);
        for (int i = 0; i < valid.Length; i++)
        {
            float features = Math.Clamp((0.6f - skin[i]) * 3, 0, skin[i] < 0 ? 0 : 1);
            float share = MathF.Max(valid[i], MathF.Max(features, beard ? BeardZone(i, size, mouthRow) : 0));
            layer.Known[i] *= share;
            layer.Opacity[i] *= share;
        }

        float Judge(int i)
        {
            // Skin that turns away from the camera grows darker of itself.
            float turned = 1 + (TurnedShade * (1 - MathF.Min(layer.Known[i], 1)));
            float dy = (layer.Y[i] - y0.At(i, size)) / (y0.Deviation * turned);
            float db = (layer.Cb[i] - cb.At(i, size)) / cb.Deviation;
            float dr = (layer.Cr[i] - cr.At(i, size)) / cr.Deviation;

            // Hair is darker than skin far more often than it is lighter; a highlight is still skin.
            float distance = MathF.Sqrt((dy * dy * (dy < 0 ? 1 : 0.15f)) + (db * db) + (dr * dr));
            return Math.Clamp((Furthest - distance) / Fade, 0, 1);
        }
    }

    /// <summary>1 where a beard grows: below a curve from under the nose to the jaw; soft at its edge.</summary>
    private static float BeardZone(int index, int size, int mouthRow)
    {
        float side = ((float)(index % size) / size) - 0.5f;
        float from = mouthRow + (size * ((2.5f * side * side) - 0.19f));
        return Math.Clamp(((index / size) - from) * 20 / size, 0, 1);
    }

    private static bool IsBearded(float[] valid, float[] skin, int size, int mouthRow)
    {
        int all = 0;
        int departed = 0;
        for (int y = mouthRow + (size / 16); y < size; y++)
        {
            for (int x = size * 2 / 5; x < size * 3 / 5; x++)
            {
                int i = (y * size) + x;
                if (skin[i] > 0.9f)
                {
                    all++;
                    departed += valid[i] < 0.5f ? 1 : 0;
                }
            }
        }

        return all > 0 && departed > BeardShare * all;
    }

    /// <summary>
    /// Hair hangs into the face from its outline; a dark spot that does not touch what comes from there is a shadow or a mole and stays.
    /// </summary>
    private static void KeepOnlyFromOutside(float[] valid, float[] skin, int size)
    {
        bool[] reached = new bool[valid.Length];
        Stack<int> open = new();
        for (int i = 0; i < valid.Length; i++)
        {
            reached[i] = skin[i] < 0;
            if (reached[i])
            {
                open.Push(i);
            }
        }

        while (open.TryPop(out int at))
        {
            int x = at % size;
            Visit(at - size, at >= size);
            Visit(at + size, at + size < valid.Length);
            Visit(at - 1, x > 0);
            Visit(at + 1, x < size - 1);
        }

        for (int i = 0; i < valid.Length; i++)
        {
            valid[i] = reached[i] && skin[i] >= 0 ? valid[i] : 1;
        }

        void Visit(int i, bool exists)
        {
            if (exists && !reached[i] && valid[i] < 0.6f)
            {
                reached[i] = true;
                open.Push(i);
            }
        }
    }

    /// <summary>
    /// Grows what is invalid (the blurred rim and the shadow of hair are not skin either) and softens the edge towards the inside.
    /// </summary>
    private static void Tidy(float[] valid, int size)
    {
        float[] scratch = new float[valid.Length];
        BoxBlur.Apply(valid, size, size, Math.Max(1, size / 64), 3, scratch);
        for (int i = 0; i < valid.Length; i++)
        {
            float t = Math.Clamp((valid[i] - 0.72f) / 0.26f, 0, 1);
            valid[i] = t * t * (3 - (2 * t));
        }
    }
}
