using System.Text.Json.Serialization;

namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>Which of the faces found in a frame are meant, as FaceFusion's face selector tells them.</summary>
public sealed record FaceSelector
{
    public FaceSelectorMode Mode { get; init; } = FaceSelectorMode.Reference;

    public FaceOrder Order { get; init; } = FaceOrder.LargeSmall;

    /// <summary>Null: any.</summary>
    public GenderFilter? Gender { get; init; }

    /// <summary>Null: any.</summary>
    public RaceFilter? Race { get; init; }

    /// <summary>
    /// First year of the ages that are meant, 0 to 100; null: 0. A face's age is a range (0-1, 3-8, 10-18, 20-28 … 60-68, 70-99), and it is
    /// kept where that and the years meant have one in common.
    /// </summary>
    public int? AgeStart { get; init; }

    /// <summary>The year after the last that is meant, 0 to 100; null: 100.</summary>
    public int? AgeEnd { get; init; }

    /// <summary>Mode <c>reference</c>: the frame of the target that shows the person.</summary>
    public int ReferenceFrame { get; init; }

    /// <summary>Mode <c>reference</c>: the person's place among that frame's faces in this order and with these filters, from 0.</summary>
    public int ReferencePosition { get; init; }

    /// <summary>Mode <c>reference</c>: faces nearer to the reference than this are the person; (1 − cosine) / 2, 0 to 1.</summary>
    public double ReferenceDistance { get; init; } = 0.3;
}

[JsonConverter(typeof(JsonStringEnumConverter<FaceSelectorMode>))]
public enum FaceSelectorMode
{
    /// <summary>Every face that passes the filters.</summary>
    [JsonStringEnumMemberName("many")]
    Many,

    /// <summary>The first face that passes the filters.</summary>
    [JsonStringEnumMemberName("one")]
    One,

    /// <summary>Faces that look like those of the reference frame.</summary>
    [JsonStringEnumMemberName("reference")]
    Reference,
}

[JsonConverter(typeof(JsonStringEnumConverter<FaceOrder>))]
public enum FaceOrder
{
    /// <summary>By the left edge of the box.</summary>
    [JsonStringEnumMemberName("left-right")]
    LeftRight,

    [JsonStringEnumMemberName("right-left")]
    RightLeft,

    /// <summary>By the upper edge of the box.</summary>
    [JsonStringEnumMemberName("top-bottom")]
    TopBottom,

    [JsonStringEnumMemberName("bottom-top")]
    BottomTop,

    /// <summary>By the area of the box.</summary>
    [JsonStringEnumMemberName("small-large")]
    SmallLarge,

    [JsonStringEnumMemberName("large-small")]
    LargeSmall,

    /// <summary>By the detector's score.</summary>
    [JsonStringEnumMemberName("best-worst")]
    BestWorst,

    [JsonStringEnumMemberName("worst-best")]
    WorstBest,
}

[JsonConverter(typeof(JsonStringEnumConverter<GenderFilter>))]
public enum GenderFilter
{
    /// <summary>That of the source face.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    [JsonStringEnumMemberName("female")]
    Female,

    [JsonStringEnumMemberName("male")]
    Male,
}

[JsonConverter(typeof(JsonStringEnumConverter<RaceFilter>))]
public enum RaceFilter
{
    /// <summary>That of the source face.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    [JsonStringEnumMemberName("white")]
    White,

    [JsonStringEnumMemberName("black")]
    Black,

    [JsonStringEnumMemberName("latino")]
    Latino,

    [JsonStringEnumMemberName("asian")]
    Asian,

    [JsonStringEnumMemberName("indian")]
    Indian,

    [JsonStringEnumMemberName("arabic")]
    Arabic,
}
