using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FaceFusion.Batch.ModelPack.Building;

/// <summary>The catalogue as it is written to <c>models/catalog.json</c>; <c>models/README.md</c> explains every field.</summary>
public sealed record CatalogFile(int SchemaVersion, IReadOnlyList<JsonNode?> Models);

/// <summary>A row of the catalogue that this tool makes.</summary>
public sealed record ModelCard
{
    public required string Id { get; init; }

    public required string Role { get; init; }

    public required string Family { get; init; }

    /// <summary>Absent for a model that is code alone, as are hash and size.</summary>
    public string? File { get; init; }

    public string? Sha256 { get; init; }

    public int? ByteCount { get; init; }

    public ModelInput? Input { get; init; }

    public IReadOnlyList<ModelOutput>? Outputs { get; init; }

    /// <summary>The name of the point template that a crop is aligned to.</summary>
    public string? Template { get; init; }

    public ModelOrigin? Origin { get; init; }

    public required string Licence { get; init; }

    public required string LicenceClass { get; init; }

    public required string Provenance { get; init; }
}

/// <param name="Name">The graph's input: [N, 3, height, width], planes in the order of <paramref name="Channels"/>.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Channels">Order of the planes.</param>
/// <param name="Mean">Subtracted from a pixel value of 0 to 255.</param>
/// <param name="Std">Divides what is left.</param>
public sealed record ModelInput(string Name, int Width, int Height, string Channels, float Mean, float Std);

/// <param name="Name">The graph's output.</param>
/// <param name="Shape">Lengths after the batch.</param>
/// <param name="Meaning">What the values are, with units.</param>
public sealed record ModelOutput(string Name, IReadOnlyList<int> Shape, string Meaning);

/// <param name="Package">npm package.</param>
/// <param name="Version">Its version; <c>eng/npm-packages.txt</c> has its integrity.</param>
/// <param name="File">The file inside the package.</param>
/// <param name="Part">The file inside that file, where it is a container.</param>
/// <param name="Sha256">Of the original model.</param>
public sealed record ModelOrigin(
    string Package,
    string Version,
    string File,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Part,
    string Sha256
);
