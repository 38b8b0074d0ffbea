using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Disk;
using FaceFusion.Batch.Worker.Pipeline;

namespace FaceFusion.Batch.Worker.Transfer;

/// <summary>
/// From the addresses of an order to local files and back. A <c>file:</c> URL is used where it lies, but only inside the folder
/// that this worker was told of; an <c>http(s):</c> URL is fetched, but only from the origins that it was told of.
/// </summary>
public sealed class BlobTransfer(WorkerOptions options, HttpBlobs http, TargetCache targets)
{
    private readonly string? _root = options.BlobFolder is null
        ? null
        : Path.GetFullPath(options.BlobFolder) + Path.DirectorySeparatorChar;

    /// <summary>The blob as a local file, fetched into <paramref name="folder"/> if it is not one already; never write to it.</summary>
    /// <exception cref="StorageException"><c>url-refused</c>, <c>blob-missing</c>, or the store is out of reach.</exception>
    public async Task<string> ReadAsync(BlobUrl url, ScratchFolder folder, CancellationToken stop)
    {
        if (!HttpBlobs.Takes(url))
        {
            return Find(url);
        }

        string path = folder.PathOf($"{Guid.NewGuid():N}");
        await http.DownloadAsync(url, path, stop);
        return path;
    }

    /// <summary>The target as a local file for as long as it is not disposed; fetched once for all chunks that are in hand.</summary>
    /// <exception cref="StorageException">As of the other reads, and <c>target-changed</c>.</exception>
    public async Task<TargetFile> ReadTargetAsync(BlobUrl url, string sha256, CancellationToken stop) =>
        HttpBlobs.Takes(url) ? await targets.TakeAsync(url, sha256, stop) : new TargetFile(Find(url), () => { });

    /// <summary>An identity's photos, checked to be the bytes that were submitted.</summary>
    /// <exception cref="StorageException"><c>source-changed</c>.</exception>
    public async Task<IReadOnlyList<SourcePhotos>> ReadAsync(
        IReadOnlyList<SourceIdentity> sources,
        ScratchFolder folder,
        CancellationToken stop
    )
    {
        List<SourcePhotos> read = [];
        foreach (SourceIdentity source in sources)
        {
            List<string> paths = [];
            foreach (SourcePhoto photo in source.Photos)
            {
                string path = await ReadAsync(photo.Url, folder, stop);
                if (await FileHash.OfAsync(path, stop) != photo.Sha256)
                {
                    throw new StorageException(
                        "source-changed",
                        $"A stored photo of {source.Name} has other bytes than were submitted: submit the job again.",
                        isTransient: false
                    );
                }

                paths.Add(path);
            }

            read.Add(new SourcePhotos(source.Name, paths, [.. source.Photos.Select(p => p.Sha256)]));
        }

        return read;
    }

    /// <summary>Stores a finished local file, whole and once. False: the place is taken, this order was carried out before.</summary>
    /// <exception cref="StorageException"><c>url-refused</c>, <c>disk-full</c>, <c>upload-uncertain</c>, or the store is out of reach.</exception>
    public async Task<bool> TryPutAsync(string localPath, BlobUrl url, CancellationToken stop)
    {
        if (HttpBlobs.Takes(url))
        {
            return await http.TryPutAsync(localPath, url, stop);
        }

        try
        {
            return AtomicFile.TryPublish(localPath, LocalPath(url));
        }
        catch (BlobStoreException e)
        {
            throw new StorageException(e.Code, e.Message, e.IsTransient, e);
        }
    }

    private string Find(BlobUrl url)
    {
        string path = LocalPath(url);
        return File.Exists(path)
            ? path
            : throw new StorageException(
                "blob-missing",
                $"{Path.GetFileName(path)} is not in the store: run the job again so that it is made anew.",
                isTransient: true
            );
    }

    private string LocalPath(BlobUrl url)
    {
        bool isInside =
            Uri.TryCreate(url.Value, UriKind.Absolute, out Uri? address)
            && address.IsFile
            && _root is not null
            && Path.GetFullPath(address.LocalPath).StartsWith(_root, StringComparison.Ordinal);
        return isInside && address is not null ? Path.GetFullPath(address.LocalPath) : throw TransferFaults.Refused();
    }
}
