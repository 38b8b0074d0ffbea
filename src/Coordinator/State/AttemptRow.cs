using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Coordinator.State;

/// <summary>How an attempt ended, or that it has not.</summary>
public enum AttemptOutcome
{
    Open,

    /// <summary>Its segment is the chunk's.</summary>
    Fused,

    /// <summary>The worker said why it could not.</summary>
    Failed,

    /// <summary>A worker took it and was not heard of again.</summary>
    Lost,

    /// <summary>No worker was ever heard of; the message is taken for lost.</summary>
    Unheard,

    /// <summary>Ended through no fault of its own: the process stopped.</summary>
    Voided,

    /// <summary>Its segment had been accepted, and was later found missing or changed in the store.</summary>
    Damaged,
}

/// <summary>One try at a chunk: the history that decides about quarantine. The key is job, chunk and attempt.</summary>
public sealed class AttemptRow
{
    public Guid JobId { get; set; }
    public int ChunkIndex { get; set; }
    public int Attempt { get; set; }
    public Guid Delivery { get; set; }
    public DateTimeOffset ReleasedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? WorkerId { get; set; }
    public AttemptOutcome Outcome { get; set; }
    public Failure? Failure { get; set; }
}
