using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>Puts an accepted chunk's sidecar where the next job on the same target finds it.</summary>
public sealed class SidecarShelf(IBlobStore store)
{
    /// <summary>Does nothing if the faces of these frames lie there already, or the chunk wrote no sidecar.</summary>
    public async Task ShelveAsync(JobRow job, ChunkRow chunk, CancellationToken cancellationToken)
    {
        BlobName own = ChunkBlobs.Sidecar(chunk);
        if (job.AnalysisKey is null || await store.FindLengthAsync(own, cancellationToken) is null)
        {
            return;
        }

        BlobName shared = BlobNames.Sidecar(job.TargetSha256, job.AnalysisKey, chunk.Start, chunk.End);
        if (await store.FindLengthAsync(shared, cancellationToken) is not null)
        {
            return;
        }

        await using Stream content = await store.OpenReadAsync(own, cancellationToken);
        _ = await store.PutAsync(shared, content, cancellationToken);
    }
}
