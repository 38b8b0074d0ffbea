namespace FaceFusion.Batch.Faces.Models;

/// <summary>One row of the catalogue: a file that may be loaded, and what is known of it.</summary>
public sealed record ModelCard
{
    /// <summary>Stable name of the model, such as <c>detector-full-range</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it does: <c>detector</c>, <c>mesh</c>, <c>embedding</c>, <c>canonical-mesh</c>.</summary>
    public required string Role { get; init; }

    /// <summary>File name inside the models folder.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, lower-case hex; other bytes are refused.</summary>
    public required string Sha256 { get; init; }

    /// <summary>SPDX name of the licence that its distributor states.</summary>
    public required string Licence { get; init; }
}
