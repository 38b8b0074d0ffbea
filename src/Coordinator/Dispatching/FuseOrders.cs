using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>Writes the order for a chunk from the rows.</summary>
public sealed class FuseOrders(IBlobStore store, CoordinatorOptions options)
{
    /// <summary>Frames around a chunk whose faces its margins may need.</summary>
    private const int SidecarReach = 64;

    /// <param name="job">A scanned job.</param>
    /// <param name="chunk">A chunk that has just been released.</param>
    /// <param name="cancellationToken">Stops the look for sidecars.</param>
    public async Task<FuseChunk> MakeAsync(JobRow job, ChunkRow chunk, CancellationToken cancellationToken) =>
        new()
        {
            JobId = job.Id,
            ChunkIndex = chunk.Index,
            Attempt = chunk.Attempt,
            Range = chunk.Range,
            Format = job.Format ?? throw new InvalidOperationException("The job is not prepared."),
            Recipe = job.Recipe,
            TargetUrl = new BlobUrl(store.GetReadUrl(BlobNames.Target(job.TargetSha256))),
            FrameTableUrl = ReadUrl(job.FrameTableBlob),
            ScanUrl = ReadUrl(job.ScanBlob),
            Sources = ScanOrders.SourceUrls(store, job.Sources),
            Sidecars = await FindSidecarsAsync(job, chunk, cancellationToken),
            PipelineKey = job.PipelineKey ?? "",
            HeartbeatSeconds = options.WholeHeartbeatSeconds,
            SegmentPutUrl = new BlobUrl(store.GetCreateUrl(ChunkBlobs.Segment(job, chunk))),
            SidecarPutUrl = new BlobUrl(store.GetCreateUrl(ChunkBlobs.Sidecar(chunk))),
            ReportPutUrl = new BlobUrl(store.GetCreateUrl(ChunkBlobs.Report(chunk))),
        };

    /// <summary>Every sidecar near the chunk, if together they cover all its frames; otherwise none, for analysing the rest costs as much.</summary>
    private async Task<IReadOnlyList<SidecarRef>> FindSidecarsAsync(
        JobRow job,
        ChunkRow chunk,
        CancellationToken cancellationToken
    )
    {
        if (job.AnalysisKey is null)
        {
            return [];
        }

        FrameRange near = chunk.Range.Widen(SidecarReach, job.FrameCount);
        List<SidecarRef> found = [];
        string folder = BlobNames.SidecarFolder(job.TargetSha256, job.AnalysisKey);
        await foreach (BlobName name in store.ListAsync(folder, cancellationToken))
        {
            if (BlobNames.TryReadSidecar(name, out int start, out int end) && start < near.End && end > near.Start)
            {
                found.Add(new SidecarRef(new FrameRange(start, end), new BlobUrl(store.GetReadUrl(name))));
            }
        }

        return Covers(found, chunk.Range) ? found : [];
    }

    internal static bool Covers(IEnumerable<SidecarRef> sidecars, FrameRange range)
    {
        int next = range.Start;
        foreach (SidecarRef sidecar in sidecars.OrderBy(s => s.Range.Start))
        {
            if (sidecar.Range.Start > next)
            {
                break;
            }

            next = Math.Max(next, sidecar.Range.End);
        }

        return next >= range.End;
    }

    private BlobUrl ReadUrl(string? blob) => new(store.GetReadUrl(BlobName.Parse(blob ?? "")));
}
