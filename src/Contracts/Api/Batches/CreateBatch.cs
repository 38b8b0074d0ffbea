using System.Text.Json;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Contracts.Api.Batches;

/// <summary>What becomes of the good rows of a batch where others are wrong.</summary>
public enum RowErrorRule
{
    /// <summary>Nothing is submitted.</summary>
    Refuse,

    /// <summary>The good ones are submitted.</summary>
    Continue,
}

/// <summary>Asks for many jobs at once; they come from <see cref="Rows"/> or from <see cref="ManifestUpload"/>.</summary>
public sealed record CreateBatch
{
    /// <summary>Each as <see cref="BatchJob"/>.</summary>
    public IReadOnlyList<JsonElement>? Rows { get; init; }

    /// <summary>A ready upload for a manifest: lines of JSON, each as <see cref="BatchJob"/>, or CSV with a line of headings.</summary>
    public string? ManifestUpload { get; init; }

    /// <summary>What holds for every row that does not say otherwise. Labels of both are joined.</summary>
    public JobDefaults? Defaults { get; init; }

    /// <summary>Default: REFUSE.</summary>
    public RowErrorRule OnRowError { get; init; } = RowErrorRule.Refuse;

    /// <summary>For people, up to 255 characters.</summary>
    public string? Label { get; init; }
}

/// <summary>The fields of <see cref="CreateJob"/>, each of which may be left out.</summary>
public record JobDefaults
{
    public string? Target { get; init; }
    public IReadOnlyList<string>? Sources { get; init; }
    public Recipe? Recipe { get; init; }
    public JobFor? Kind { get; init; }
    public int? Priority { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public int? ChunkFrames { get; init; }
    public LicenceUsage? Usage { get; init; }
}

/// <summary>A row of a batch.</summary>
public sealed record BatchJob : JobDefaults
{
    /// <summary>
    /// Yours: 1 to 128 characters to be read by people. For as long as the job is there, a row with the same id and the same content
    /// is this job, in any batch; with another content it is refused. Needed.
    /// </summary>
    public string? Id { get; init; }
}

/// <summary>Ends a batch.</summary>
public sealed record CancelBatch
{
    /// <summary>In your words, up to 255 characters; it stays with the jobs.</summary>
    public string? Reason { get; init; }
}
