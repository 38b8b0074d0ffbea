namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>How a swap network is used.</summary>
public sealed record NetworkSwapSettings
{
    /// <summary>0 keeps the target's face, 1 is the full swap.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>
    /// 0 to 1: below 0.5 the identity is mixed with the target's, above 0.5 moved away from it. At 0.5 no embedding of the target is
    /// needed. Models that take a source picture have none.
    /// </summary>
    public double Weight { get; init; } = 0.5;

    /// <summary>Edge of the crop in pixels that is swapped, a whole multiple of the model's own; null: the model's own.</summary>
    public int? PixelBoost { get; init; }

    public MaskSettings Mask { get; init; } = new();
}
