using System.Collections.Concurrent;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Assembling;

/// <summary>Are the accepted segments still what was accepted? Bytes joined are bytes verified.</summary>
public sealed class SegmentCheck(IBlobStore store, Scratch scratch)
{
    /// <summary>Segments that are read side by side: a core hashes 1.7 GB/s, and a store gives more.</summary>
    private static readonly int AtATime = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Fused chunks, in order, whose segment or report is missing or has other bytes.</summary>
    /// <param name="job">Whose chunks they are.</param>
    /// <param name="chunks">Of any state; those that are not fused are left out.</param>
    /// <param name="kept">
    /// Receives the segments of a store that is elsewhere, so that who joins them need not bring them again, and joins what was checked; null:
    /// they are let go.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<ChunkRow>> FindBrokenAsync(
        JobRow job,
        IReadOnlyList<ChunkRow> chunks,
        Scratch.Folder? kept,
        CancellationToken cancellationToken
    )
    {
        ConcurrentBag<ChunkRow> broken = [];
        await Parallel.ForEachAsync(
            chunks.Where(c => c.State == ChunkState.Fused),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (chunk, stop) =>
            {
                if (!await IsWholeAsync(job, chunk, kept, stop))
                {
                    broken.Add(chunk);
                }
            }
        );
        return [.. broken.OrderBy(chunk => chunk.Index)];
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

    private async Task<bool> IsWholeAsync(
        JobRow job,
        ChunkRow chunk,
        Scratch.Folder? kept,
        CancellationToken cancellationToken
    )
    {
        BlobName segment = ChunkBlobs.Segment(job, chunk);
        if (
            await store.FindLengthAsync(segment, cancellationToken) != chunk.SegmentBytes
            || await store.FindLengthAsync(ChunkBlobs.Report(chunk), cancellationToken) is null or 0
        )
        {
            return false;
        }

        if (kept is not null)
        {
            string path = await scratch.FetchAsync(segment, kept, cancellationToken);
            return await FileHash.OfAsync(path, cancellationToken) == chunk.SegmentSha256;
        }

        await using Stream content = await store.OpenReadAsync(segment, cancellationToken);
        return await FileHash.OfAsync(content, cancellationToken) == chunk.SegmentSha256;
    }
}
