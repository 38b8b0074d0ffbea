namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>Puts light, bands, grain and mask together: after it the source planes hold the patch to blend, and the mask how much of it.</summary>
internal static partial class Composing
{
    /// <summary>Shares of the target's light, in luma and in chroma, that are taken over.</summary>
    private const float LightShare = 0.7f;
    private const float ChromaShare = 0.95f;

    /// <summary>Blurred opacity at which the low band begins to be the source's, and how fast it becomes so.</summary>
    private const float DeepFrom = 0.5f;
    private const float DeepGain = 2.2f;

    /// <summary>Blurred opacity at which the feather begins (one half lies on the outline) and its steepness.</summary>
    private const float FeatherFrom = 0.4f;
    private const float FeatherGain = 2.2f;

    /// <param name="patch">Target, matched source, opacity and depth.</param>
    /// <param name="low">The patch's slowly varying parts.</param>
    /// <param name="grain">Standard deviation of the grain to add.</param>
    /// <param name="frame">Absolute frame number.</param>
    public static void Apply(FusePatch patch, LowBands low, float grain, int frame)
    {
        int rows = patch.Height / low.Factor;
        for (int y = 0; y < patch.Height; y++)
        {
            float at = Math.Clamp(((y + 0.5f) / low.Factor) - 0.5f, 0, rows - 1);
            int upper = (int)at;
            Row row = new(
                y * patch.Width,
                upper * patch.Width,
                Math.Min(upper + 1, rows - 1) * patch.Width,
                at - upper,
                grain,
                NoiseTile.RowKey(frame, y + patch.Region.Y)
            );
            if (Lanes.Available)
            {
                RowVector(patch, low, row);
            }
            else
            {
                RowScalar(patch, low, row);
            }
        }
    }

    /// <summary>Where a row of the patch begins, the two low-resolution rows around it and how far it lies between, and its grain.</summary>
    internal readonly record struct Row(int Start, int Upper, int Lower, float Between, float Grain, uint Key);
}
