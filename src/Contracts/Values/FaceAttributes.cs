using System.Text.Json.Serialization;

namespace FaceFusion.Batch.Contracts.Values;

/// <summary>What a classifier takes a face for: a guess from the picture, wrong for many, and good for nothing but telling faces apart.</summary>
public readonly record struct FaceAttributes(Gender Gender, Race Race, AgeRange Age)
{
    /// <summary>As people read it: <c>female, asian, 20-28</c>.</summary>
    public override string ToString() => $"{Gender}, {Race}, {Age}".ToLowerInvariant();
}

[JsonConverter(typeof(JsonStringEnumConverter<Gender>))]
public enum Gender
{
    [JsonStringEnumMemberName("male")]
    Male,

    [JsonStringEnumMemberName("female")]
    Female,
}

[JsonConverter(typeof(JsonStringEnumConverter<Race>))]
public enum Race
{
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

/// <summary>Whole years from <paramref name="Start"/> up to, but without, <paramref name="End"/>.</summary>
public readonly record struct AgeRange(int Start, int End)
{
    /// <summary>Mean of its years.</summary>
    [JsonIgnore]
    public float Middle => (Start + End - 1) / 2f;

    /// <summary>Whether the two have a year in common.</summary>
    public bool Meets(AgeRange other) => Math.Max(Start, other.Start) < Math.Min(End, other.End);

    public override string ToString() => $"{Start}-{End - 1}";
}
