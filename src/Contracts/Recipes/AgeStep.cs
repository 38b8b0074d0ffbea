namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>Make each selected face older or younger.</summary>
public sealed record AgeStep : ProcessorStep
{
    /// <summary>Model card id of the age modifier.</summary>
    public string Model { get; init; } = "styleganex_age";

    /// <summary>−100 (much younger) to 100 (much older). 0 keeps the age.</summary>
    public int Direction { get; init; }

    /// <summary>How softly the edge of the changed square fades: 0 not at all, 1 from its middle on.</summary>
    public double MaskBlur { get; init; } = 0.3;

    /// <summary>Model card id of the net that keeps out of what lies in front of the face, or <c>many</c>; null: nothing is kept out of.</summary>
    public string? Occluder { get; init; }
}
