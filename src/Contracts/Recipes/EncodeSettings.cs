namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>How segments are encoded. Constant quality only: rate control with memory cannot be kept across chunks.</summary>
public sealed record EncodeSettings
{
    /// <summary>
    /// <c>libx264</c>, <c>libx265</c>, <c>libsvtav1</c>, <c>h264_nvenc</c> or <c>hevc_nvenc</c>. Null chooses by machine and target: a GPU's
    /// where workers have one and no preset is set, else the CPU's (10 bit or HDR: libx265, else libx264).
    /// </summary>
    public string? Encoder { get; init; }

    /// <summary>
    /// Constant rate factor, or constant quality of NVIDIA's encoders, 0 to 51 (63 for AV1); null: the encoder's visually transparent
    /// default (18 for libx264, 20 for libx265, 28 for libsvtav1, 19 and 21 for NVIDIA's).
    /// </summary>
    public int? Crf { get; init; }

    /// <summary>The encoder's preset; null: the project's default for that encoder.</summary>
    public string? Preset { get; init; }
}
