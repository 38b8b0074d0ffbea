namespace FaceFusion.Batch.Faces.Fusing;

internal static partial class Composing
{
    /// <summary>The specification: the vector path gives the same bits.</summary>
    internal static void RowScalar(FusePatch patch, LowBands low, in Row row)
    {
        for (int x = 0; x < patch.Width; x++)
        {
            int i = row.Start + x;
            float opacity = patch.Opacity[i];
            if (!(opacity > 0))
            {
                patch.Mask[i] = 0;
                continue;
            }

            float ramp = Math.Clamp((At(low.Inside, row, x) - FeatherFrom) * FeatherGain, 0, 1);
            float mask = ramp * ramp * (3 - (2 * ramp)) * opacity;
            float deep = Math.Clamp((At(low.Deep, row, x) - DeepFrom) * DeepGain, 0, 1);
            float band = At(low.BandY, row, x);
            float lightY = LightShare * At(low.LightY, row, x);
            float lightCb = ChromaShare * At(low.LightCb, row, x);
            float lightCr = ChromaShare * At(low.LightCr, row, x);
            float noise = row.Grain * NoiseTile.Run(row.Key, x + patch.Region.X, 1)[0];
            float targetY = patch.TargetY[i];
            float targetCb = patch.TargetCb[i];
            float targetCr = patch.TargetCr[i];
            float fine = band - (targetY - patch.SourceY[i]);

            // The low band is the source's only deep inside, the fine one as far as the square of the mask: colour and light have met the
            // target's where detail ends, and no edge shows twice.
            patch.SourceY[i] = targetY + (deep * (lightY - band)) + (mask * fine) + noise;
            patch.SourceCb[i] = targetCb + (deep * (patch.SourceCb[i] + lightCb - targetCb));
            patch.SourceCr[i] = targetCr + (deep * (patch.SourceCr[i] + lightCr - targetCr));
            patch.Mask[i] = mask;
        }
    }

    private static float At(ReadOnlySpan<float> plane, in Row row, int x)
    {
        float upper = plane[row.Upper + x];
        return upper + ((plane[row.Lower + x] - upper) * row.Between);
    }
}
