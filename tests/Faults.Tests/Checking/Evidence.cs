using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Faults.Tests.Checking;

/// <summary>A blob of a job as it lies in the store.</summary>
internal sealed record StoredBlob(string Name, long Length, string Sha256);

/// <summary>All that a job left behind, read when it was over.</summary>
internal sealed record Evidence
{
    public required JobRow Job { get; init; }
    public required IReadOnlyList<ChunkRow> Chunks { get; init; }
    public required IReadOnlyList<AttemptRow> Attempts { get; init; }

    /// <summary>Of the job alone.</summary>
    public required IReadOnlyList<StoredBlob> Blobs { get; init; }

    /// <summary>SHA-256 of the stored target.</summary>
    public required string TargetSha256 { get; init; }

    public required VideoFacts Target { get; init; }

    /// <summary>Null: there is no result.</summary>
    public required VideoFacts? Result { get; init; }

    /// <summary>What was seen going backwards while the job ran.</summary>
    public required IReadOnlyList<string> Regressions { get; init; }

    /// <summary>The job was cancelled before it could be published.</summary>
    public bool IsCancelled { get; init; }
}
