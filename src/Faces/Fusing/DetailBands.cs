namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>Root mean squares of a face's luma in three bands on its features, and of the finest band on its plain skin.</summary>
internal readonly partial record struct DetailBands(float Fine, float Middle, float Below, float Grain)
{
    /// <summary>Deviations beyond this are edges, not grain.</summary>
    public const float MostGrain = 12;

    /// <summary>Pixels at the patch's edge that do not count: the bands look this far.</summary>
    private const int Reach = 8;

    /// <summary>A pixel counts where at least this much of the source may be shown.</summary>
    private const float Shown = 0.5f;

    /// <param name="patch">Opacity and skin are read.</param>
    /// <param name="luma">The plane to measure.</param>
    /// <param name="once">The plane filtered by <see cref="Binomial"/>.</param>
    /// <param name="twice">That filtered again, two pixels wide.</param>
    public static DetailBands Measure(
        FusePatch patch,
        ReadOnlySpan<float> luma,
        ReadOnlySpan<float> once,
        ReadOnlySpan<float> twice
    )
    {
        Sums sums = default;
        for (int y = Reach; y < patch.Height - Reach; y++)
        {
            int row = y * patch.Width;
            int end = row + patch.Width - Reach;
            if (Lanes.Available)
            {
                AddVector(patch, luma, once, twice, row + Reach, end, ref sums);
            }
            else
            {
                AddScalar(patch, luma, once, twice, row + Reach, end, ref sums);
            }
        }

        const float Least = 1e-3f;
        float features = sums.Features.Total() + Least;
        float noise = sums.Grain.Total() / (sums.Skin.Total() + Least);
        return new DetailBands(
            MathF.Sqrt(MathF.Max((sums.Fine.Total() / features) - noise, 0)),
            MathF.Sqrt(sums.Middle.Total() / features),
            MathF.Sqrt(sums.Below.Total() / features),
            MathF.Sqrt(noise)
        );
    }
}
