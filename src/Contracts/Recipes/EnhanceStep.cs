namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>Restore each selected face with a face enhancer: sharper and cleaner, also after a swap.</summary>
public sealed record EnhanceStep : ProcessorStep
{
    /// <summary>Model card id of the enhancer.</summary>
    public string Model { get; init; } = "gfpgan_1.4";

    /// <summary>How much of the restored face is used: 0 keeps the frame, 100 is all of it.</summary>
    public int Blend { get; init; } = 80;

    /// <summary>For models that can be told (codeformer): 0 restores freely, 1 keeps to the face as it is.</summary>
    public double Weight { get; init; } = 0.5;

    /// <summary>How softly the edge of the restored square fades: 0 not at all, 1 from its middle on.</summary>
    public double MaskBlur { get; init; } = 0.3;

    /// <summary>Model card id of the net that keeps out of what lies in front of the face, or <c>many</c>; null: nothing is kept out of.</summary>
    public string? Occluder { get; init; }
}
