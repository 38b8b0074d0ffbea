namespace FaceFusion.Batch.Contracts.Api.Models;

/// <summary>A row of the model catalogue.</summary>
public sealed record ApiModel
{
    /// <summary>Stable: recipes and reports name models by it.</summary>
    public required string Id { get; init; }

    /// <summary>What it does, such as <c>detector</c>, <c>landmarks</c>, <c>embedding</c> or <c>fuser</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Models that differ in numbers only are of one family.</summary>
    public required string Family { get; init; }

    /// <summary>SPDX name of the licence that its distributor states.</summary>
    public required string Licence { get; init; }

    /// <summary>
    /// The use that the licence allows: <c>permissive</c>, <c>permissive-unverified</c>, <c>copyleft</c>, <c>non-commercial</c>,
    /// <c>research</c> or <c>unknown</c>.
    /// </summary>
    public string? LicenceClass { get; init; }

    /// <summary>Ids of models without which it cannot run.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Of the file; other bytes are not loaded. Left out for a model without weights, or whose hash was never published.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What is known of where it comes from, and what is not.</summary>
    public string Provenance { get; init; } = "";
}

public sealed record ApiModelList(IReadOnlyList<ApiModel> Models);
