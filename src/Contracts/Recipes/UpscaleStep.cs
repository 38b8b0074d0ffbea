namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>
/// Enlarge the whole frame with a frame enhancer. The output video has another size than the target; the step is the last of its
/// recipe, so that all others work at the size of the target.
/// </summary>
public sealed record UpscaleStep : ProcessorStep
{
    /// <summary>Model card id of the enhancer.</summary>
    public string Model { get; init; } = "span_kendata_x4";

    /// <summary>0: the frame enlarged bilinearly, 100: what the model makes of it.</summary>
    public int Blend { get; init; } = 80;

    /// <summary>
    /// Output over input size: 1, 2, 4 or 8, no more than the model's own; what is larger is shrunk by means. 1 keeps the size of the
    /// target and only sharpens. Null: the model's own.
    /// </summary>
    public int? OutputScale { get; init; }
}
