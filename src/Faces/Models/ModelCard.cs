namespace FaceFusion.Batch.Faces.Models;

/// <summary>One row of the catalogue: a file that may be loaded, and what is known of it.</summary>
public sealed record ModelCard
{
    /// <summary>Stable name of the model, such as <c>detector-full-range</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it does: <c>detector</c>, <c>landmarks</c>, <c>embedding</c>, <c>geometry</c> or <c>fuser</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Models that share code; only numbers differ inside a family.</summary>
    public required string Family { get; init; }

    /// <summary>File name inside the models folder; null: the model has no weights.</summary>
    public string? File { get; init; }

    /// <summary>SHA-256 of the file, lower-case hex; other bytes are refused. Null only where there is no file.</summary>
    public string? Sha256 { get; init; }

    /// <summary>SPDX name of the licence that its distributor states.</summary>
    public required string Licence { get; init; }

    /// <summary>What is known of where the weights come from, and what is not.</summary>
    public string Provenance { get; init; } = "";
}
