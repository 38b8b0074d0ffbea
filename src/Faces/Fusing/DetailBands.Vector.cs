using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>Eight neighbouring pixels at a time; a lane is one of the eight sums.</summary>
internal readonly partial record struct DetailBands
{
    internal static void AddVector(
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
        Vector256<float> quarter = Vector256.Create(0.25f);
        Vector256<float> most = Vector256.Create(MostGrain * MostGrain);
        Vector256<float> shown = Vector256.Create(Shown);
        Vector256<float> grain = Load(ref sums.Grain);
        Vector256<float> skins = Load(ref sums.Skin);
        Vector256<float> fine = Load(ref sums.Fine);
        Vector256<float> middle = Load(ref sums.Middle);
        Vector256<float> low = Load(ref sums.Below);
        Vector256<float> features = Load(ref sums.Features);
        for (int i = from; i < end; i += Lanes.Count)
        {
            Vector256<float> weight = Lanes.Load(opacity, i);
            Vector256<float> counts = Vector256.GreaterThan(weight, shown);
            if (counts.AsInt32() == Vector256<int>.Zero)
            {
                continue;
            }

            // Skin is only written where a triangle was drawn, so its lanes elsewhere are cleared and not multiplied.
            weight &= counts;
            Vector256<float> onSkin = (Lanes.Load(skin, i) * weight) & counts;
            Vector256<float> onFeatures = weight - onSkin;
            Vector256<float> first = Lanes.Load(once, i);
            Vector256<float> second = Lanes.Load(twice, i);
            Vector256<float> a = Lanes.Load(luma, i) - first;
            Vector256<float> b = first - second;
            Vector256<float> across = Lanes.Load(twice, i - 4) + Lanes.Load(twice, i + 4);
            Vector256<float> down = Lanes.Load(twice, i - below) + Lanes.Load(twice, i + below);
            Vector256<float> c = second - (quarter * (across + down));
            Vector256<float> square = a * a;
            grain += onSkin * Vector256.Min(square, most);
            skins += onSkin;
            fine += onFeatures * square;
            middle += onFeatures * (b * b);
            low += onFeatures * (c * c);
            features += onFeatures;
        }

        Store(grain, ref sums.Grain);
        Store(skins, ref sums.Skin);
        Store(fine, ref sums.Fine);
        Store(middle, ref sums.Middle);
        Store(low, ref sums.Below);
        Store(features, ref sums.Features);
    }

    private static Vector256<float> Load(ref Eight sums) => Lanes.Load((ReadOnlySpan<float>)sums, 0);

    private static void Store(Vector256<float> value, ref Eight sums) => Lanes.Store(value, (Span<float>)sums, 0);
}
