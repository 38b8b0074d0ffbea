using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;
using Microsoft.Extensions.Logging;

namespace FaceFusion.Batch.Coordinator.Assembling;

/// <summary>Deletes what losing attempts have stored. Names come from the rows, so nothing that counts is ever touched.</summary>
public sealed partial class OrphanCollector(
    JobLedger jobs,
    ChunkLedger chunks,
    IBlobStore store,
    ILogger<OrphanCollector> logger
)
{
    /// <summary>For a job in a terminal state: every chunk blob that is not of an accepted attempt goes.</summary>
    public async Task<int> CollectAsync(Guid jobId, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(jobId, cancellationToken) is not { } job || !job.State.IsTerminal())
        {
            return 0;
        }

        HashSet<BlobName> kept =
        [
            .. (await chunks.ListAsync(jobId, cancellationToken))
                .Where(c => c.State == Contracts.Values.ChunkState.Fused)
                .SelectMany(c => new[] { ChunkBlobs.Segment(job, c), ChunkBlobs.Sidecar(c), ChunkBlobs.Report(c) }),
        ];
        int deleted = 0;
        await foreach (BlobName name in store.ListAsync(BlobNames.ChunksFolder(jobId), cancellationToken))
        {
            if (!kept.Contains(name))
            {
                await store.DeleteAsync(name, cancellationToken);
                deleted++;
            }
        }

        if (deleted > 0)
        {
            LogDeleted(jobId, deleted);
        }

        return deleted;
    }

    [LoggerMessage(
        EventIds.OrphansDeleted,
        LogLevel.Information,
        "Job {JobId}: {Count} blobs of losing attempts deleted"
    )]
    private partial void LogDeleted(Guid jobId, int count);
}
