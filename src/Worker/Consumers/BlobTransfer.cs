using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Worker.Pipeline;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>
/// From the addresses of an order to local files and back. A <c>file:</c> URL is used where it lies, but only inside the folder
/// that this worker was told of.
/// </summary>
public sealed class BlobTransfer
{
    private readonly string? _root;

    public BlobTransfer(WorkerOptions options) =>
        _root = options.BlobFolder is null ? null : Path.GetFullPath(options.BlobFolder) + Path.DirectorySeparatorChar;

    /// <summary>The blob as a local file; never write to it.</summary>
    /// <exception cref="StorageException"><c>url-refused</c>, <c>blob-missing</c>.</exception>
    public string Read(BlobUrl url)
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

    /// <summary>An identity's photos, checked to be the bytes that were submitted.</summary>
    /// <exception cref="StorageException"><c>source-changed</c>.</exception>
    public async Task<IReadOnlyList<SourcePhotos>> ReadAsync(
        IReadOnlyList<SourceIdentity> sources,
        CancellationToken stop
    )
    {
        List<SourcePhotos> read = [];
        foreach (SourceIdentity source in sources)
        {
            List<string> paths = [];
            foreach (SourcePhoto photo in source.Photos)
            {
                string path = Read(photo.Url);
                await using FileStream bytes = File.OpenRead(path);
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, stop)) != photo.Sha256)
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
    /// <exception cref="StorageException"><c>url-refused</c>, <c>disk-full</c>.</exception>
    public bool TryPut(string localPath, BlobUrl url)
    {
        try
        {
            return AtomicFile.TryPublish(localPath, LocalPath(url));
        }
        catch (BlobStoreException e)
        {
            throw new StorageException(e.Code, e.Message, e.IsTransient, e);
        }
    }

    private string LocalPath(BlobUrl url)
    {
        bool isInside =
            Uri.TryCreate(url.Value, UriKind.Absolute, out Uri? address)
            && address.IsFile
            && _root is not null
            && Path.GetFullPath(address.LocalPath).StartsWith(_root, StringComparison.Ordinal);
        return isInside && address is not null
            ? Path.GetFullPath(address.LocalPath)
            : throw new StorageException(
                "url-refused",
                "An order names a blob outside this worker's store: check that Coordinator and workers use the same one.",
                isTransient: false
            );
    }
}
