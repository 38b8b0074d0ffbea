using System.Text.Json.Serialization;

namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>
/// Which people of the target are meant, in the words of FaceFusion's face selector. The scan decides it once for the whole job: filters and
/// orders look at people as all their sightings show them, and not at each frame anew.
/// </summary>
public sealed record FaceSelector
{
    public FaceSelectorMode Mode { get; init; } = FaceSelectorMode.Reference;

    public FaceOrder Order { get; init; } = FaceOrder.LargeSmall;

    /// <summary>Null: any.</summary>
    public GenderFilter? Gender { get; init; }

    /// <summary>Null: any.</summary>
    public RaceFilter? Race { get; init; }

    /// <summary>
    /// First year of the ages that are meant, 0 to 100; null: 0. A person's age is a range (0-1, 3-8, 10-18, 20-28 … 60-68, 70-99), and it is
    /// kept where that and the years meant have one in common.
    /// </summary>
    public int? AgeStart { get; init; }

    /// <summary>The year after the last that is meant, 0 to 100; null: 100.</summary>
    public int? AgeEnd { get; init; }

    /// <summary>Mode <c>reference</c>: the frame of the target that shows the person.</summary>
    public int ReferenceFrame { get; init; }

    /// <summary>Mode <c>reference</c>: the person's place among that frame's faces in this order and with these filters, from 0.</summary>
    public int ReferencePosition { get; init; }

    /// <summary>Mode <c>reference</c>: people nearer to the reference than this are meant; (1 − cosine) / 2, 0 to 1.</summary>
    public double ReferenceDistance { get; init; } = 0.3;

    /// <summary>It asks what a classifier takes faces for.</summary>
    [JsonIgnore]
    public bool HasFilters => Gender is not null || Race is not null || AgeStart is not null || AgeEnd is not null;

    /// <summary>It means everybody, also who was not seen by the scan.</summary>
    [JsonIgnore]
    public bool MeansEverybody => Mode == FaceSelectorMode.Many && !HasFilters;
}

[JsonConverter(typeof(JsonStringEnumConverter<FaceSelectorMode>))]
public enum FaceSelectorMode
{
    /// <summary>Everybody who passes the filters.</summary>
    [JsonStringEnumMemberName("many")]
    Many,

    /// <summary>The first person in the order who passes the filters.</summary>
    [JsonStringEnumMemberName("one")]
    One,

    /// <summary>Who looks like a face of the reference frame.</summary>
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
