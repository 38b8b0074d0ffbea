namespace FaceFusion.Batch.Storage;

/// <summary>Where bytes rest. A blob is written once, whole, and never changed; half-written bytes are never visible.</summary>
public interface IBlobStore
{
    /// <summary>Makes the place where the blobs rest if it is missing; any number of processes may do so at once.</summary>
    /// <exception cref="BlobStoreException">The store is out of reach or refuses.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Length in bytes; null if there is no such blob.</summary>
    Task<long?> FindLengthAsync(BlobName name, CancellationToken cancellationToken);

    /// <exception cref="BlobStoreException"><c>blob-missing</c>, or the store is out of reach.</exception>
    Task<Stream> OpenReadAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>Create-only. False if the name is taken; what is there stays.</summary>
    /// <exception cref="BlobStoreException"><c>disk-full</c>, or the store is out of reach.</exception>
    Task<bool> PutAsync(BlobName name, Stream content, CancellationToken cancellationToken);

    /// <summary>Create-only, from a local file that the store may move away.</summary>
    /// <exception cref="BlobStoreException"><c>disk-full</c>, or the store is out of reach.</exception>
    Task<bool> PutFileAsync(BlobName name, string localPath, CancellationToken cancellationToken);

    /// <summary>Names that begin with <paramref name="prefix"/>, in ordinal order.</summary>
    IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deleting what is not there is no error.</summary>
    Task DeleteAsync(BlobName name, CancellationToken cancellationToken);

    /// <summary>An address that reads this blob and nothing else.</summary>
    string GetReadUrl(BlobName name);

    /// <summary>An address that creates this blob and does nothing else.</summary>
    string GetCreateUrl(BlobName name);

    /// <summary>
    /// An address that reads this blob for a while, answered as of that type and to be saved (RFC 6266); null for a store whose
    /// addresses are of no use to who is on another machine.
    /// </summary>
    string? GetDownloadUrl(BlobName name, string contentType, string contentDisposition, TimeSpan lifetime);

    /// <summary>Where the blob lies on this machine's disk, there or not; null for a store that is elsewhere.</summary>
    string? FindLocalPath(BlobName name);
}
