using System.Text.Json.Serialization;
using FaceFusion.Batch.Contracts.Licences;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>One row of the catalogue: a file that may be loaded, what is known of it, and the numbers in which it differs from its family.</summary>
public sealed record ModelCard
{
    /// <summary>Stable name of the model, such as <c>detector-full-range</c> or <c>inswapper_128</c>.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// What it does: <c>detector</c>, <c>landmarks</c>, <c>embedding</c>, <c>geometry</c>, <c>fuser</c>, <c>converter</c>,
    /// <c>classifier</c>, <c>occluder</c>, <c>parser</c>, <c>face-enhancer</c>, <c>frame-enhancer</c>, <c>expression</c> or <c>age</c>.
    /// </summary>
    public required string Role { get; init; }

    /// <summary>Models that share code; only numbers differ inside a family.</summary>
    public required string Family { get; init; }

    /// <summary>File name inside the models folder; null: the model has no weights.</summary>
    public string? File { get; init; }

    /// <summary>SHA-256 of the file, lower-case hex; other bytes are refused. Null where there is no file, or its hash was never published.</summary>
    public string? Sha256 { get; init; }

    /// <summary>CRC-32 (IEEE) of the file, eight lower-case hex digits: what its publisher gives. No proof against an attacker.</summary>
    public string? Crc32 { get; init; }

    /// <summary>Bytes of the file where they are known.</summary>
    public long? ByteCount { get; init; }

    /// <summary>Where the file can be had, in the order in which to try.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    public string? Vendor { get; init; }

    public int? Year { get; init; }

    /// <summary>SPDX name of the licence that its distributor states, or that licence in the distributor's words.</summary>
    public required string Licence { get; init; }

    /// <summary>
    /// The use that the licence allows: <c>permissive</c>, <c>permissive-unverified</c>, <c>copyleft</c>, <c>non-commercial</c>,
    /// <c>research</c> or <c>unknown</c>.
    /// </summary>
    public string LicenceClass { get; init; } = "unknown";

    /// <summary>What is known of where the weights come from, and what is not.</summary>
    public string Provenance { get; init; } = "";

    /// <summary>Ids of further models without which this one cannot run (a converter of embeddings, the other parts of a set).</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>How pictures go in; null where none does.</summary>
    public ModelInput? Input { get; init; }

    /// <summary>How pictures come out; null where none does.</summary>
    public ModelOutput? Output { get; init; }

    /// <summary>How a crop is aligned: the name of a five-point template.</summary>
    public string? Template { get; init; }

    /// <summary>
    /// How a fuser is told who: <c>embedding</c> (as it is), <c>embedding-unit</c>, <c>converted</c>, <c>converted-unit</c>,
    /// <c>projected</c> (through the matrix in its own file) or <c>image</c>.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>How the picture of the source is aligned, where <see cref="Source"/> is <c>image</c>: the name of a five-point template.</summary>
    public string? SourceTemplate { get; init; }

    /// <summary>It runs on the CPU whatever device is chosen: it gains nothing elsewhere, or gives wrong values there.</summary>
    public bool IsCpuOnly { get; init; }

    /// <summary>How a frame enhancer cuts a frame; null for others.</summary>
    public ModelTiles? Tiles { get; init; }

    /// <summary>It comes with the product: its file lies beside the catalogue, or it is code alone. Others are fetched or imported.</summary>
    [JsonIgnore]
    public bool IsBuiltIn => Urls.Count == 0;

    /// <summary>The card, as far as licences are concerned.</summary>
    public LicensedModel ToLicensed() => new(Id, Role, Licence, LicenceClasses.Of(LicenceClass), Needs);
}

/// <summary>Pictures that go into a model: value = (pixel of 0 to 255 − mean) / std.</summary>
public sealed record ModelInput
{
    public string Name { get; init; } = "input";

    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary><c>rgb</c> or <c>bgr</c>.</summary>
    public string Channels { get; init; } = "rgb";

    /// <summary><c>nchw</c> or <c>nhwc</c>.</summary>
    public string Layout { get; init; } = "nchw";

    /// <summary>One number for all channels, or one for each in the order R, G, B.</summary>
    public PerChannel Mean { get; init; }

    /// <summary>As <see cref="Mean"/>.</summary>
    public PerChannel Std { get; init; } = new(1);
}

/// <summary>Pictures that come out of a model: pixel of 0 to 255 = value · std + mean.</summary>
public sealed record ModelOutput
{
    public PerChannel Mean { get; init; }

    public PerChannel Std { get; init; } = new(255);
}

/// <summary>Tiles of <paramref name="Size"/> pixels that overlap by twice <paramref name="Overlap"/>, of a frame with <paramref name="Pad"/> added.</summary>
/// <param name="Size">Edge of a tile in pixels.</param>
/// <param name="Pad">Pixels of black around the frame.</param>
/// <param name="Overlap">Pixels that are cut from each edge of a tile.</param>
/// <param name="Scale">Edge of a tile that comes out over one that goes in.</param>
public sealed record ModelTiles(int Size, int Pad, int Overlap, int Scale);
