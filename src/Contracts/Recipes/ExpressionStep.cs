using System.Text.Json.Serialization;

namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>Give each selected face the expression back that it had in the target, before the steps ahead of this one.</summary>
public sealed record ExpressionStep : ProcessorStep
{
    /// <summary>Model card id of any of the restorer's three models; its card names the others.</summary>
    public string Model { get; init; } = "live_portrait_feature_extractor";

    /// <summary>0 keeps the face as it is; 83 is the target's expression; beyond that it is exaggerated, up to 100.</summary>
    public int Factor { get; init; } = 80;

    /// <summary>Which parts of the face take part.</summary>
    public IReadOnlyList<ExpressionArea> Areas { get; init; } = [ExpressionArea.UpperFace, ExpressionArea.LowerFace];

    /// <summary>How softly the edge of the restored square fades: 0 not at all, 1 from its middle on.</summary>
    public double MaskBlur { get; init; } = 0.3;

    /// <summary>Model card id of the net that keeps out of what lies in front of the face, or <c>many</c>; null: nothing is kept out of.</summary>
    public string? Occluder { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<ExpressionArea>))]
public enum ExpressionArea
{
    /// <summary>Eyes and brows.</summary>
    [JsonStringEnumMemberName("upper-face")]
    UpperFace,

    /// <summary>Mouth, cheeks and jaw.</summary>
    [JsonStringEnumMemberName("lower-face")]
    LowerFace,
}
