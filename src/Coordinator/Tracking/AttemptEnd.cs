using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>How an attempt ended, and by whom.</summary>
public sealed record AttemptEnd(
    Guid JobId,
    int ChunkIndex,
    int Attempt,
    AttemptOutcome Outcome,
    string? WorkerId,
    Failure? Failure
);
