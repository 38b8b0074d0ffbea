namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>What the user chose: the processors in order, whose faces, and how to encode. Strict JSON: an unknown field is an error.</summary>
public sealed record Recipe
{
    /// <summary>Steps applied to each frame in this order, in one pass.</summary>
    public required IReadOnlyList<ProcessorStep> Processors { get; init; }

    public FaceSelection Faces { get; init; } = new();

    /// <summary>Choose people as FaceFusion does, by order, filters or a reference frame; null: <see cref="Faces"/> says who is meant.</summary>
    public FaceSelector? Selector { get; init; }

    /// <summary>Find faces with other models than the built-in ones; null: those.</summary>
    public FaceFinding? Finding { get; init; }

    public EncodeSettings Encode { get; init; } = new();

    public TrackingSettings Tracking { get; init; } = new();
}
