using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>Segments join without re-encoding only if their encoder headers are the same bytes.</summary>
public static class SegmentHeaders
{
    /// <summary>Chunks whose header differs from that of most; with no majority, from that of the first such group.</summary>
    public static IReadOnlyList<ChunkRow> FindOdd(IReadOnlyList<ChunkRow> fused)
    {
        string? usual = fused
            .GroupBy(c => c.HeaderSha256)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Min(c => c.Index))
            .FirstOrDefault()
            ?.Key;
        return [.. fused.Where(c => c.HeaderSha256 != usual)];
    }

    public static AttemptEnd EndOf(ChunkRow odd) =>
        new(
            odd.JobId,
            odd.Index,
            odd.Attempt,
            AttemptOutcome.Failed,
            odd.WorkerId,
            new Failure(
                FailureKind.MediaToolFault,
                "segment-headers-differ",
                "A segment's encoder header differs from the others', so they cannot be joined. "
                    + "Use the same ffmpeg build for the whole job.",
                true
            )
        );
}
