using System.Text.Json.Serialization;

namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>Which part of a face's crop is put back into the frame: what every chosen mask lets through.</summary>
public sealed record MaskSettings
{
    /// <summary>At least one. Without <c>box</c> the crop's own edge is not feathered.</summary>
    public IReadOnlyList<MaskType> Types { get; init; } = [MaskType.Box];

    /// <summary>How wide the feather of the box is, 0 to 1.</summary>
    public double Blur { get; init; } = 0.3;

    /// <summary>How far the box stays from the crop's sides.</summary>
    public MaskPadding Padding { get; init; } = new();

    /// <summary>Parts of the face for <c>area</c>: the outline of all that are named.</summary>
    public IReadOnlyList<FaceArea> Areas { get; init; } = Enum.GetValues<FaceArea>();

    /// <summary>Parts of the face for <c>region</c>.</summary>
    public IReadOnlyList<FaceRegion> Regions { get; init; } = Enum.GetValues<FaceRegion>();

    /// <summary>Model card id of the net for <c>occlusion</c>; <c>many</c>: every occluder of the catalogue, what all of them let through.</summary>
    public string Occluder { get; init; } = "xseg_1";

    /// <summary>Model card id of the net for <c>region</c>.</summary>
    public string Parser { get; init; } = "bisenet_resnet_34";

    /// <summary>The value of <see cref="Occluder"/> that means all of them.</summary>
    public const string ManyOccluders = "many";
}

/// <summary>Percent of the crop's edge, 0 to 100, on each side.</summary>
public sealed record MaskPadding
{
    public int Top { get; init; }

    public int Right { get; init; }

    public int Bottom { get; init; }

    public int Left { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<MaskType>))]
public enum MaskType
{
    /// <summary>The crop with feathered edges.</summary>
    [JsonStringEnumMemberName("box")]
    Box,

    /// <summary>What nothing lies in front of.</summary>
    [JsonStringEnumMemberName("occlusion")]
    Occlusion,

    /// <summary>The convex outline of landmarks.</summary>
    [JsonStringEnumMemberName("area")]
    Area,

    /// <summary>What a net takes for the named parts of a face.</summary>
    [JsonStringEnumMemberName("region")]
    Region,
}

[JsonConverter(typeof(JsonStringEnumConverter<FaceArea>))]
public enum FaceArea
{
    [JsonStringEnumMemberName("upper-face")]
    UpperFace,

    [JsonStringEnumMemberName("lower-face")]
    LowerFace,

    [JsonStringEnumMemberName("mouth")]
    Mouth,
}

/// <summary>Parts of a face that a parser tells apart.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaceRegion>))]
public enum FaceRegion
{
    [JsonStringEnumMemberName("skin")]
    Skin,

    [JsonStringEnumMemberName("left-eyebrow")]
    LeftEyebrow,

    [JsonStringEnumMemberName("right-eyebrow")]
    RightEyebrow,

    [JsonStringEnumMemberName("left-eye")]
    LeftEye,

    [JsonStringEnumMemberName("right-eye")]
    RightEye,

    [JsonStringEnumMemberName("glasses")]
    Glasses,

    [JsonStringEnumMemberName("nose")]
    Nose,

    [JsonStringEnumMemberName("mouth")]
    Mouth,

    [JsonStringEnumMemberName("upper-lip")]
    UpperLip,

    [JsonStringEnumMemberName("lower-lip")]
    LowerLip,
}
