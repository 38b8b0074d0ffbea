using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Assembling;

/// <summary>Where a result goes: a path that the user named, replaced in one step, or a blob.</summary>
public sealed class ResultPlace(IBlobStore store)
{
    /// <summary>Makes a verified draft the result. The name of the result's blob; null if it went to the user's path.</summary>
    /// <exception cref="BlobStoreException"><c>disk-full</c>, <c>store-not-writable</c>; the output is as it was.</exception>
    public async Task<string?> PublishAsync(JobRow job, string draft, CancellationToken cancellationToken)
    {
        if (job.OutputPath is null)
        {
            BlobName name = BlobNames.Result(job.Id, job.Attempt, job.Delivery, Path.GetExtension(draft));
            _ = await store.PutFileAsync(name, draft, cancellationToken);
            return name.Value;
        }

        // First into the output's folder (a copy, if that is another file system), then the one step that shows it. The name is
        // the job's, so that what a killed process left there is overwritten and not added to.
        string folder = Path.GetDirectoryName(job.OutputPath) ?? "/";
        string beside = Path.Combine(folder, $".ffb-{job.Id:N}{Path.GetExtension(job.OutputPath)}");
        try
        {
            File.Move(draft, beside, overwrite: true);
            File.Move(beside, job.OutputPath, overwrite: true);
            return null;
        }
        catch (Exception e) when (BlobStoreException.IsOfFiles(e))
        {
            File.Delete(beside);
            throw BlobStoreException.Of(e, folder);
        }
    }
}
