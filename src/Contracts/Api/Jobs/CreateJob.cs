using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Contracts.Api.Jobs;

/// <summary>What a job is for.</summary>
public enum JobFor
{
    /// <summary>A result with the recipe applied.</summary>
    Fuse,

    /// <summary>Only who is in the target.</summary>
    Scan,
}

/// <summary>Asks for a job.</summary>
public sealed record CreateJob
{
    /// <summary>A ready upload for a target.</summary>
    public required string Target { get; init; }

    /// <summary>Ids of sources, each of another name. Default: none.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    public required Recipe Recipe { get; init; }

    /// <summary>Default: FUSE.</summary>
    public JobFor Kind { get; init; } = JobFor.Fuse;

    /// <summary>0 to 100; higher goes first. Default: 50.</summary>
    public int Priority { get; init; } = 50;

    /// <summary>Your own marks: up to 16, keys and values of 1 to 64 of a-z, A-Z, 0-9, '.', '-' and '_'. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Frames per chunk, 8 to 100,000; left out: chosen by the length of the target and the workers.</summary>
    public int? ChunkFrames { get; init; }

    /// <summary>
    /// What the result is for. COMMERCIAL refuses a recipe with a model whose licence forbids that (403 MODEL_LICENCE). Left out: what
    /// the installation declares for you, if it does. A declaration can ask more of licences than the installation's, never less.
    /// </summary>
    public LicenceUsage? Usage { get; init; }
}

/// <summary>Changes a job; what is left out stays.</summary>
public sealed record PatchJob
{
    /// <summary>0 to 100.</summary>
    public int? Priority { get; init; }

    /// <summary>Labels to set; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?>? Labels { get; init; }
}

/// <summary>Ends a job.</summary>
public sealed record CancelJob
{
    /// <summary>In your words, up to 255 characters.</summary>
    public string? Reason { get; init; }
}
