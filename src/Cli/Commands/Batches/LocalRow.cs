using System.Text.Json;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Cli.Commands.Batches;

/// <summary>A row of a manifest of this machine: files by their paths, seen from the manifest's folder.</summary>
internal sealed record LocalRow
{
    public string? Id { get; init; }
    public string? Target { get; init; }
    public string? Source { get; init; }

    /// <summary>Several photos of the same person.</summary>
    public IReadOnlyList<string>? Sources { get; init; }

    /// <summary>A recipe, or the path of a file that holds one.</summary>
    public JsonElement? Recipe { get; init; }
    public JobFor? Kind { get; init; }
    public int? Priority { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public int? ChunkFrames { get; init; }
}

/// <summary>A row whose files are there.</summary>
/// <param name="Line">In its manifest, from 1.</param>
/// <param name="Row">As it was written.</param>
/// <param name="Target">Full path.</param>
/// <param name="Photos">Full paths, of one person; empty: those of the command line.</param>
/// <param name="Recipe">Null: that of the command line.</param>
internal sealed record CheckedLocalRow(
    int Line,
    LocalRow Row,
    string Target,
    IReadOnlyList<string> Photos,
    Recipe? Recipe
);

/// <summary>What is wrong in a line.</summary>
internal sealed record LineFault(int Line, string Detail);
