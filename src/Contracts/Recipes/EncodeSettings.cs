namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>How segments are encoded. Constant quality only: rate control with memory cannot be kept across chunks.</summary>
public sealed record EncodeSettings
{
    /// <summary><c>libx264</c>, <c>libx265</c> or <c>libsvtav1</c>; null chooses by the target (10 bit or HDR: libx265, else libx264).</summary>
    public string? Encoder { get; init; }

    /// <summary>Constant rate factor, 0 to 51 (63 for AV1); null: the encoder's visually transparent default (18, 20, 28).</summary>
    public int? Crf { get; init; }

    /// <summary>The encoder's preset; null: the project's default for that encoder.</summary>
    public string? Preset { get; init; }
}
