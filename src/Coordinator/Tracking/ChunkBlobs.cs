using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>What the newest attempt at a chunk writes, by the chunk's row.</summary>
public static class ChunkBlobs
{
    public static BlobName Segment(JobRow job, ChunkRow chunk) =>
        BlobNames.Segment(chunk.JobId, chunk.Index, chunk.Attempt, chunk.Delivery, job.Format?.IsStill ?? false);

    public static BlobName Sidecar(ChunkRow chunk) =>
        BlobNames.ChunkSidecar(chunk.JobId, chunk.Index, chunk.Attempt, chunk.Delivery);

    public static BlobName Report(ChunkRow chunk) =>
        BlobNames.ChunkReport(chunk.JobId, chunk.Index, chunk.Attempt, chunk.Delivery);
}
