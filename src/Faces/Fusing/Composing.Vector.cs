using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>Eight neighbouring pixels at a time; lanes that show nothing keep what they had and get mask 0.</summary>
internal static partial class Composing
{
    internal static void RowVector(FusePatch patch, LowBands low, in Row row)
    {
        ReadOnlySpan<float> opacities = patch.Opacity;
        ReadOnlySpan<float> targetsY = patch.TargetY;
        ReadOnlySpan<float> targetsCb = patch.TargetCb;
        ReadOnlySpan<float> targetsCr = patch.TargetCr;
        Span<float> sourcesY = patch.SourceY;
        Span<float> sourcesCb = patch.SourceCb;
        Span<float> sourcesCr = patch.SourceCr;
        Span<float> masks = patch.Mask;
        ReadOnlySpan<float> insides = low.Inside;
        ReadOnlySpan<float> deeps = low.Deep;
        ReadOnlySpan<float> bands = low.BandY;
        ReadOnlySpan<float> lightsY = low.LightY;
        ReadOnlySpan<float> lightsCb = low.LightCb;
        ReadOnlySpan<float> lightsCr = low.LightCr;
        Vector256<float> grain = Vector256.Create(row.Grain);
        for (int x = 0; x < patch.Width; x += Lanes.Count)
        {
            int i = row.Start + x;
            Vector256<float> opacity = Lanes.Load(opacities, i);
            Vector256<float> shown = Vector256.GreaterThan(opacity, Vector256<float>.Zero);
            if (shown.AsInt32() == Vector256<int>.Zero)
            {
                Lanes.Store(Vector256<float>.Zero, masks, i);
                continue;
            }

            Vector256<float> ramp = Lanes.Unit(
                (Between(insides, row, x) - Vector256.Create(FeatherFrom)) * Vector256.Create(FeatherGain)
            );
            Vector256<float> mask = ramp * ramp * (Vector256.Create(3f) - (Vector256.Create(2f) * ramp)) * opacity;
            Vector256<float> deep = Lanes.Unit(
                (Between(deeps, row, x) - Vector256.Create(DeepFrom)) * Vector256.Create(DeepGain)
            );
            Vector256<float> band = Between(bands, row, x);
            Vector256<float> lightY = Vector256.Create(LightShare) * Between(lightsY, row, x);
            Vector256<float> lightCb = Vector256.Create(ChromaShare) * Between(lightsCb, row, x);
            Vector256<float> lightCr = Vector256.Create(ChromaShare) * Between(lightsCr, row, x);
            Vector256<float> noise = grain * Lanes.Load(NoiseTile.Run(row.Key, x + patch.Region.X, Lanes.Count), 0);
            Vector256<float> targetY = Lanes.Load(targetsY, i);
            Vector256<float> targetCb = Lanes.Load(targetsCb, i);
            Vector256<float> targetCr = Lanes.Load(targetsCr, i);
            Vector256<float> sourceY = Lanes.Load(sourcesY, i);
            Vector256<float> sourceCb = Lanes.Load(sourcesCb, i);
            Vector256<float> sourceCr = Lanes.Load(sourcesCr, i);
            Vector256<float> fine = band - (targetY - sourceY);
            Vector256<float> y = targetY + (deep * (lightY - band)) + (mask * fine) + noise;
            Vector256<float> cb = targetCb + (deep * (sourceCb + lightCb - targetCb));
            Vector256<float> cr = targetCr + (deep * (sourceCr + lightCr - targetCr));
            Lanes.Store(Vector256.ConditionalSelect(shown, y, sourceY), sourcesY, i);
            Lanes.Store(Vector256.ConditionalSelect(shown, cb, sourceCb), sourcesCb, i);
            Lanes.Store(Vector256.ConditionalSelect(shown, cr, sourceCr), sourcesCr, i);
            Lanes.Store(mask & shown, masks, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Between(ReadOnlySpan<float> plane, in Row row, int x)
    {
        Vector256<float> upper = Lanes.Load(plane, row.Upper + x);
        return upper + ((Lanes.Load(plane, row.Lower + x) - upper) * Vector256.Create(row.Between));
    }
}
