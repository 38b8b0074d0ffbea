using FaceFusion.Batch.Imaging.Rasterizing;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>Puts light, bands, grain and mask together: after it the source planes hold the patch to blend, and the mask how much of it.</summary>
internal static class Composing
{
    /// <summary>Shares of the target's light, in luma and in chroma, that are taken over.</summary>
    private const float LightShare = 0.8f;

    private const float ChromaShare = 0.95f;

    /// <summary>Blurred opacity at which the low band begins to be the source's, and how fast it becomes so.</summary>
    private const float DeepFrom = 0.5f;
    private const float DeepGain = 2.2f;

    /// <summary>Blurred opacity at which the feather begins (one half lies on the outline) and its steepness.</summary>
    private const float FeatherFrom = 0.53f;
    private const float FeatherGain = 2.2f;

    /// <param name="patch">Target, matched source, opacity and depth.</param>
    /// <param name="low">The patch's slowly varying parts.</param>
    /// <param name="grain">Standard deviation of the grain to add.</param>
    /// <param name="frame">Absolute frame number.</param>
    public static void Apply(FusePatch patch, LowBands low, float grain, int frame)
    {
        int width = patch.Width;
        int rows = patch.Height / low.Factor;
        for (int y = 0; y < patch.Height; y++)
        {
            float at = Math.Clamp(((y + 0.5f) / low.Factor) - 0.5f, 0, rows - 1);
            int upper = (int)at;
            int lower = Math.Min(upper + 1, rows - 1);
            float t = at - upper;
            int row = y * width;
            uint key = NoiseTile.RowKey(frame, y + patch.Region.Y);
            for (int x = 0; x < width; x++)
            {
                int i = row + x;
                float opacity = patch.Opacity[i];
                if (opacity <= 0 || patch.Depth[i] >= RasterTarget.Empty)
                {
                    patch.Mask[i] = 0;
                    continue;
                }

                float inside = Between(low.Inside, upper, lower, width, x, t);
                float ramp = Math.Clamp((inside - FeatherFrom) * FeatherGain, 0, 1);
                float mask = ramp * ramp * (3 - (2 * ramp)) * opacity;
                float lightY = LightShare * Between(low.LightY, upper, lower, width, x, t);
                float lightCb = ChromaShare * Between(low.LightCb, upper, lower, width, x, t);
                float lightCr = ChromaShare * Between(low.LightCr, upper, lower, width, x, t);
                float band = Between(low.BandY, upper, lower, width, x, t);
                float difference = patch.TargetY[i] - patch.SourceY[i];

                float deep = Math.Clamp((Between(low.Deep, upper, lower, width, x, t) - DeepFrom) * DeepGain, 0, 1);

                // The low band follows the mask, the fine one its square: detail ends before the colour does, and nothing shows twice.
                float noise = grain * NoiseTile.Run(key, x + patch.Region.X, 1)[0];
                patch.SourceY[i] = patch.TargetY[i] + (deep * (lightY - band)) + (mask * (band - difference)) + noise;
                patch.SourceCb[i] = patch.TargetCb[i] + (deep * (patch.SourceCb[i] + lightCb - patch.TargetCb[i]));
                patch.SourceCr[i] = patch.TargetCr[i] + (deep * (patch.SourceCr[i] + lightCr - patch.TargetCr[i]));
                patch.Mask[i] = mask;
            }
        }
    }

    private static float Between(ReadOnlySpan<float> plane, int upper, int lower, int width, int x, float t)
    {
        float a = plane[(upper * width) + x];
        return a + ((plane[(lower * width) + x] - a) * t);
    }
}
