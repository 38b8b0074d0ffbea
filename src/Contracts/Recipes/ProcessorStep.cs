using System.Text.Json.Serialization;

namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>One processor of a recipe.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "processor")]
[JsonDerivedType(typeof(SwapStep), "swap")]
[JsonDerivedType(typeof(RedactStep), "redact")]
[JsonDerivedType(typeof(DebugStep), "debug")]
[JsonDerivedType(typeof(EnhanceStep), "enhance")]
[JsonDerivedType(typeof(ExpressionStep), "expression")]
[JsonDerivedType(typeof(AgeStep), "age")]
[JsonDerivedType(typeof(UpscaleStep), "upscale")]
public abstract record ProcessorStep;

/// <summary>Put a source identity's face on each selected face.</summary>
public sealed record SwapStep : ProcessorStep
{
    /// <summary>Model card id of the fuser.</summary>
    public string Model { get; init; } = Mesh;

    /// <summary>0 keeps the target's face, 1 is the full swap.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Keep the target's mouth interior (teeth, tongue).</summary>
    public bool KeepMouth { get; init; } = true;

    /// <summary>Keep the target's eyes (gaze and blinks).</summary>
    public bool KeepEyes { get; init; } = true;

    /// <summary>Width of the feather inside the face oval, as a fraction of the face width: 0.02 to 0.3.</summary>
    public double Feather { get; init; } = 0.09;

    /// <summary>Networks: how far the identity is moved towards the target's (below 0.5) or away from it (above), 0 to 1.</summary>
    public double Weight { get; init; } = 0.5;

    /// <summary>Networks: edge of the crop in pixels that is swapped, a whole multiple of the model's own; null: the model's own.</summary>
    public int? PixelBoost { get; init; }

    /// <summary>Networks: which part of the crop is put back; null: a soft box. The mesh fuser has masks of its own.</summary>
    public MaskSettings? Mask { get; init; }

    /// <summary>The fuser that fits a mesh and has no weights.</summary>
    public const string Mesh = "mesh";

    /// <summary>What a network is told of this step.</summary>
    public NetworkSwapSettings ToNetwork() =>
        new()
        {
            Strength = Strength,
            Weight = Weight,
            PixelBoost = PixelBoost,
            Mask = Mask ?? new MaskSettings(),
        };
}

/// <summary>Make every face unrecognisable. Fails closed: it looks harder than a swap does and covers more.</summary>
public sealed record RedactStep : ProcessorStep
{
    public RedactStyle Style { get; init; } = RedactStyle.Blur;

    /// <summary>Frames between two sightings of a face that are covered as well, at the interpolated place.</summary>
    public int CoverGaps { get; init; } = 12;

    /// <summary>How far the cover reaches beyond the face box, as a fraction of its size.</summary>
    public double Grow { get; init; } = 0.25;
}

[JsonConverter(typeof(JsonStringEnumConverter<RedactStyle>))]
public enum RedactStyle
{
    [JsonStringEnumMemberName("blur")]
    Blur,

    [JsonStringEnumMemberName("pixelate")]
    Pixelate,

    [JsonStringEnumMemberName("solid")]
    Solid,
}

/// <summary>Draw what was found: boxes, mesh, person and track ids, scores.</summary>
public sealed record DebugStep : ProcessorStep
{
    public bool Boxes { get; init; } = true;
    public bool Mesh { get; init; } = true;
    public bool Labels { get; init; } = true;
}
