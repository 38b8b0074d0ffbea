using System.Runtime.CompilerServices;

namespace FaceFusion.Batch.Faces.Fusing;

internal readonly partial record struct DetailBands
{
    /// <summary>Eight running sums, pixel x in number x mod 8, so that scalar and vector code add in the same order.</summary>
    [InlineArray(Lanes.Count)]
    internal struct Eight
    {
        private float _first;

        public readonly float Total()
        {
            float total = 0;
            for (int i = 0; i < Lanes.Count; i++)
            {
                total += this[i];
            }

            return total;
        }
    }

    /// <summary>What is summed over the pixels of a face.</summary>
    internal struct Sums
    {
        public Eight Fine;
        public Eight Middle;
        public Eight Below;
        public Eight Grain;
        public Eight Features;
        public Eight Skin;
    }

    /// <summary>The specification: the vector path gives the same bits.</summary>
    internal static void AddScalar(
        FusePatch patch,
        ReadOnlySpan<float> luma,
        ReadOnlySpan<float> once,
        ReadOnlySpan<float> twice,
        int from,
        int end,
        ref Sums sums
    )
    {
        ReadOnlySpan<float> opacity = patch.Opacity;
        ReadOnlySpan<float> skin = patch.Skin;
        int below = 4 * patch.Width;
        for (int i = from; i < end; i++)
        {
            int lane = (i - from) % Lanes.Count;
            float weight = opacity[i] > Shown ? opacity[i] : 0;
            float onSkin = skin[i] * weight;
            onSkin = weight > 0 ? onSkin : 0;
            float onFeatures = weight - onSkin;
            float a = luma[i] - once[i];
            float b = once[i] - twice[i];
            float around = twice[i - 4] + twice[i + 4] + (twice[i - below] + twice[i + below]);
            float c = twice[i] - (0.25f * around);
            sums.Grain[lane] += onSkin * MathF.Min(a * a, MostGrain * MostGrain);
            sums.Skin[lane] += onSkin;
            sums.Fine[lane] += onFeatures * (a * a);
            sums.Middle[lane] += onFeatures * (b * b);
            sums.Below[lane] += onFeatures * (c * c);
            sums.Features[lane] += onFeatures;
        }
    }
}
