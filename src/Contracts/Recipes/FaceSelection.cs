using System.Text.Json.Serialization;

namespace FaceFusion.Batch.Contracts.Recipes;

/// <summary>Which people of the target are meant, resolved once by the scan.</summary>
public sealed record FaceSelection
{
    public SelectionMode Mode { get; init; } = SelectionMode.One;

    /// <summary>Mode <c>map</c>: person number of the scan's contact sheet (from 1) to identity name (see <see cref="Values.SourceIdentity"/>).</summary>
    public IReadOnlyDictionary<int, string> Map { get; init; } = new Dictionary<int, string>();

    /// <summary>Faces below this detector score are ignored, 0 to 1.</summary>
    public double MinScore { get; init; } = 0.5;
}

[JsonConverter(typeof(JsonStringEnumConverter<SelectionMode>))]
public enum SelectionMode
{
    /// <summary>The most prominent person of the scan.</summary>
    [JsonStringEnumMemberName("one")]
    One,

    [JsonStringEnumMemberName("all")]
    All,

    [JsonStringEnumMemberName("map")]
    Map,
}
