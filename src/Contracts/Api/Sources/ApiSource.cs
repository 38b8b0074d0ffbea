namespace FaceFusion.Batch.Contracts.Api.Sources;

/// <summary>Makes an identity of photos.</summary>
public sealed record CreateSource
{
    /// <summary>1 to 64 of a-z, 0-9, '-' and '_'; the recipe's map speaks of it by this name.</summary>
    public required string Name { get; init; }

    /// <summary>Ready uploads for sources, 1 to 16.</summary>
    public required IReadOnlyList<string> Uploads { get; init; }
}

/// <summary>An identity that jobs may put on people.</summary>
public sealed record ApiSource
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyList<string> Uploads { get; init; }
    public required DateTimeOffset CreateTime { get; init; }
}

public sealed record ApiSourceList(IReadOnlyList<ApiSource> Sources, string? NextPageToken);
