using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>What a user asks for.</summary>
public sealed record JobRequest
{
    /// <summary>Null: made from kind, target, sources, recipe and chunk length, so that the same request is the same job.</summary>
    public Guid? JobId { get; init; }

    public JobKind Kind { get; init; } = JobKind.Fuse;

    /// <summary>Local path of the target.</summary>
    public required string Target { get; init; }

    /// <summary>
    /// SHA-256 of the target's bytes, lower-case hex, where the caller has just read them; null: they are read for it. Whether it is true is
    /// seen when they are stored.
    /// </summary>
    public string? TargetSha256 { get; init; }

    /// <summary>Identity name to the local paths of its photos, at least one each.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Sources { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    public required Recipe Recipe { get; init; }

    /// <summary>Where the result goes; replaced if it is there. Null: into the blob store.</summary>
    public string? Output { get; init; }

    /// <summary>Frames per chunk, at least 1; null: chosen by the length of the target and the slots.</summary>
    public int? ChunkFrames { get; init; }

    /// <summary>What the result is for.</summary>
    public LicenceUsage Usage { get; init; }

    /// <summary>Higher goes first.</summary>
    public int Priority { get; init; }
}
