using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Models;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Dispatching;

/// <summary>Writes the orders for chunks from the rows.</summary>
public sealed class FuseOrders(IBlobStore store, ModelBlobs models, CoordinatorOptions options)
{
    /// <summary>Frames around a chunk whose faces its margins may need.</summary>
    private const int SidecarReach = 64;

    /// <param name="job">A scanned job.</param>
    /// <param name="chunks">Chunks of it that have just been released.</param>
    /// <param name="cancellationToken">Stops the look for sidecars and models.</param>
    public async Task<IReadOnlyList<FuseChunk>> MakeAsync(
        JobRow job,
        IReadOnlyList<ChunkRow> chunks,
        CancellationToken cancellationToken
    )
    {
        if (chunks.Count == 0)
        {
            return [];
        }

        List<(FrameRange Range, BlobName Name)> sidecars = await ListSidecarsAsync(job, cancellationToken);
        IReadOnlyList<ModelBlob> chosen = await models.OfAsync(job.Recipe, cancellationToken);
        return [.. chunks.Select(chunk => Make(job, chunk, sidecars) with { Models = chosen })];
    }

    private FuseChunk Make(JobRow job, ChunkRow chunk, List<(FrameRange Range, BlobName Name)> sidecars) =>
        new()
        {
            JobId = job.Id,
            ChunkIndex = chunk.Index,
            Attempt = chunk.Attempt,
            Range = chunk.Range,
            Format = job.Format ?? throw new InvalidOperationException("The job is not prepared."),
            Recipe = job.Recipe,
            TargetUrl = new BlobUrl(store.GetReadUrl(BlobNames.Target(job.TargetSha256))),
            TargetSha256 = job.TargetSha256,
            FrameTableUrl = ReadUrl(job.FrameTableBlob),
            ScanUrl = ReadUrl(job.ScanBlob),
            Sources = ScanOrders.SourceUrls(store, job.Sources),
            Sidecars = FindSidecars(job, chunk, sidecars),
            PipelineKey = job.PipelineKey ?? "",
            HeartbeatSeconds = options.WholeHeartbeatSeconds,
            SegmentPutUrl = new BlobUrl(store.GetCreateUrl(ChunkBlobs.Segment(job, chunk))),
            SidecarPutUrl = new BlobUrl(store.GetCreateUrl(ChunkBlobs.Sidecar(chunk))),
            ReportPutUrl = new BlobUrl(store.GetCreateUrl(ChunkBlobs.Report(chunk))),
        };

    /// <summary>The sidecars on the target's shelf.</summary>
    private async Task<List<(FrameRange Range, BlobName Name)>> ListSidecarsAsync(
        JobRow job,
        CancellationToken cancellationToken
    )
    {
        List<(FrameRange Range, BlobName Name)> found = [];
        if (job.AnalysisKey is null)
        {
            return found;
        }

        string folder = BlobNames.SidecarFolder(job.TargetSha256, job.AnalysisKey);
        await foreach (BlobName name in store.ListAsync(folder, cancellationToken))
        {
            if (BlobNames.TryReadSidecar(name, out int start, out int end))
            {
                found.Add((new FrameRange(start, end), name));
            }
        }

        return found;
    }

    /// <summary>Every sidecar near the chunk, if together they cover all its frames; otherwise none, for analysing the rest costs as much.</summary>
    private List<SidecarRef> FindSidecars(JobRow job, ChunkRow chunk, List<(FrameRange Range, BlobName Name)> sidecars)
    {
        FrameRange near = chunk.Range.Widen(SidecarReach, job.FrameCount);
        List<SidecarRef> found =
        [
            .. sidecars
                .Where(s => s.Range.Start < near.End && s.Range.End > near.Start)
                .Select(s => new SidecarRef(s.Range, new BlobUrl(store.GetReadUrl(s.Name)))),
        ];
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
