using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>When trying again is over.</summary>
public static class QuarantineRule
{
    /// <param name="history">The attempts before.</param>
    /// <param name="newest">How the newest one ended.</param>
    /// <param name="options">The limits.</param>
    public static bool IsOver(IReadOnlyList<AttemptRow> history, AttemptEnd newest, CoordinatorOptions options)
    {
        switch (newest.Outcome)
        {
            case AttemptOutcome.Lost:
                return CountAlike(history, newest) >= options.LossesToQuarantine;
            case AttemptOutcome.Damaged:
                return CountAlike(history, newest) >= options.FailuresToQuarantine;
        }

        if (newest.Outcome != AttemptOutcome.Failed || newest.Failure is not { } failure)
        {
            return false;
        }

        // The user's input: no worker sees it differently. And where there is one worker, what it cannot do is not done.
        bool isInput = failure.Kind is FailureKind.InvalidVideo or FailureKind.InvalidRecipe;
        if (isInput || (options.IsEmbedded && !failure.IsTransient))
        {
            return true;
        }

        List<AttemptRow> failed =
        [
            .. history.Where(a => a.Outcome == AttemptOutcome.Failed && a.Attempt != newest.Attempt),
        ];
        int tries = options.IsEmbedded
            ? failed.Count + 1
            : failed.Select(a => a.WorkerId).Append(newest.WorkerId).Distinct().Count();
        // A fleet of one or two would try for ever.
        return tries >= options.FailuresToQuarantine || failed.Count + 1 >= options.LossesToQuarantine;
    }

    /// <summary>The job's failure when a chunk is over: the cause, with its place.</summary>
    public static Failure CauseOf(ChunkRow chunk, AttemptEnd newest) =>
        newest.Failure is { } failure
            ? failure with
            {
                Message = failure.Message + $" (chunk {chunk.Index}, frames {chunk.Range})",
            }
            : new Failure(
                FailureKind.MediaToolFault,
                "chunk-lost",
                $"Chunk {chunk.Index} (frames {chunk.Range}) took its worker down each time it was tried. "
                    + "Look for memory limits on this machine, and try with fewer --workers.",
                false
            );

    private static int CountAlike(IReadOnlyList<AttemptRow> history, AttemptEnd newest) =>
        1 + history.Count(a => a.Outcome == newest.Outcome && a.Attempt != newest.Attempt);
}
