using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Assembling;

/// <summary>Are the accepted segments still what was accepted? Bytes joined are bytes verified.</summary>
public sealed class SegmentCheck(IBlobStore store)
{
    /// <summary>Fused chunks whose segment or report is missing or has other bytes.</summary>
    public async Task<IReadOnlyList<ChunkRow>> FindBrokenAsync(
        JobRow job,
        IReadOnlyList<ChunkRow> chunks,
        CancellationToken cancellationToken
    )
    {
        List<ChunkRow> broken = [];
        foreach (ChunkRow chunk in chunks.Where(c => c.State == ChunkState.Fused))
        {
            if (!await IsWholeAsync(job, chunk, cancellationToken))
            {
                broken.Add(chunk);
            }
        }

        return broken;
    }

    /// <summary>What becomes of the attempt behind a broken segment: no worker's fault, but a store that does so again and again is broken.</summary>
    public static AttemptEnd EndOf(ChunkRow broken) =>
        new(
            broken.JobId,
            broken.Index,
            broken.Attempt,
            AttemptOutcome.Damaged,
            broken.WorkerId,
            new Failure(
                FailureKind.StorageFault,
                "segment-damaged",
                "A stored segment was found missing or changed again and again: check the disk of the work folder, or choose another with --work.",
                true
            )
        );

    private async Task<bool> IsWholeAsync(JobRow job, ChunkRow chunk, CancellationToken cancellationToken)
    {
        BlobName segment = ChunkBlobs.Segment(job, chunk);
        if (
            await store.FindLengthAsync(segment, cancellationToken) != chunk.SegmentBytes
            || await store.FindLengthAsync(ChunkBlobs.Report(chunk), cancellationToken) is null or 0
        )
        {
            return false;
        }

        await using Stream content = await store.OpenReadAsync(segment, cancellationToken);
        byte[] hash = await SHA256.HashDataAsync(content, cancellationToken);
        return Convert.ToHexStringLower(hash) == chunk.SegmentSha256;
    }
}
