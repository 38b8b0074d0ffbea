using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Sweeping;

/// <summary>When nobody speaks for an attempt any more.</summary>
public static class SilenceRule
{
    /// <param name="state">Of the chunk.</param>
    /// <param name="leaseUntil">Until when its worker's last word holds; null: nobody holds it.</param>
    /// <param name="releasedAt">When the attempt was released.</param>
    /// <param name="now">Now.</param>
    /// <param name="anyIdle">A slot is idle: it would have taken a released chunk long ago, had its message arrived.</param>
    /// <param name="queueLease">How long a released chunk may wait for a busy fleet.</param>
    public static bool IsSilent(
        ChunkState state,
        DateTimeOffset? leaseUntil,
        DateTimeOffset? releasedAt,
        DateTimeOffset now,
        bool anyIdle,
        TimeSpan queueLease
    ) =>
        leaseUntil < now
        && (
            state == ChunkState.Running || (state == ChunkState.Released && (anyIdle || releasedAt < now - queueLease))
        );

    /// <summary>How a silent attempt ended.</summary>
    public static AttemptOutcome OutcomeOf(ChunkState state) =>
        state == ChunkState.Running ? AttemptOutcome.Lost : AttemptOutcome.Unheard;
}
