using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Models;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>Writes the order for a scan from the job's row.</summary>
public sealed class ScanOrders(IBlobStore store, ModelBlobs models, CoordinatorOptions options)
{
    /// <param name="job">A prepared job: it has a format and a frame table.</param>
    /// <param name="cancellationToken">Stops the look for models.</param>
    public async Task<ScanVideo> MakeAsync(JobRow job, CancellationToken cancellationToken) =>
        new()
        {
            JobId = job.Id,
            Attempt = job.Attempt,
            Format = job.Format ?? throw new InvalidOperationException("The job is not prepared."),
            TargetUrl = new BlobUrl(store.GetReadUrl(BlobNames.Target(job.TargetSha256))),
            TargetSha256 = job.TargetSha256,
            FrameTableUrl = new BlobUrl(store.GetReadUrl(BlobName.Parse(job.FrameTableBlob ?? ""))),
            Recipe = job.Recipe,
            Sources = SourceUrls(store, job.Sources),
            Models = await models.OfAsync(job.Recipe, cancellationToken),
            HeartbeatSeconds = options.WholeHeartbeatSeconds,
            ScanPutUrl = new BlobUrl(store.GetCreateUrl(BlobNames.Scan(job.Id, job.Attempt, job.Delivery))),
            SheetPutUrl = new BlobUrl(store.GetCreateUrl(BlobNames.Sheet(job.Id, job.Attempt, job.Delivery))),
        };

    /// <summary>Stored photos as addresses that a worker can read.</summary>
    public static IReadOnlyList<SourceIdentity> SourceUrls(IBlobStore store, IReadOnlyList<StoredSource> sources) =>
        [
            .. sources.Select(source => new SourceIdentity(
                source.Name,
                [
                    .. source.PhotoSha256.Select(sha => new SourcePhoto(
                        new BlobUrl(store.GetReadUrl(BlobNames.Photo(sha))),
                        sha
                    )),
                ]
            )),
        ];
}
