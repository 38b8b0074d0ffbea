using System.Collections.Concurrent;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>A folder store that gives no local path, as one across a network, and counts how often a blob is read.</summary>
internal sealed class ElsewhereStore(IBlobStore inner) : IBlobStore
{
    private readonly ConcurrentDictionary<BlobName, int> _reads = [];

    /// <summary>What somebody else does just before a blob is put.</summary>
    public Func<Task> BeforePut { get; set; } = static () => Task.CompletedTask;

    public int ReadsOf(BlobName name) => _reads.GetValueOrDefault(name);

    /// <summary>Where the test finds what lies in it.</summary>
    public string PathOf(BlobName name) => inner.FindLocalPath(name)!;

    public Task<Stream> OpenReadAsync(BlobName name, CancellationToken cancellationToken)
    {
        _ = _reads.AddOrUpdate(name, 1, (_, count) => count + 1);
        return inner.OpenReadAsync(name, cancellationToken);
    }

    public string? FindLocalPath(BlobName name) => null;

    public Task PrepareAsync(CancellationToken cancellationToken) => inner.PrepareAsync(cancellationToken);

    public Task<long?> FindLengthAsync(BlobName name, CancellationToken cancellationToken) =>
        inner.FindLengthAsync(name, cancellationToken);

    public async Task<bool> PutAsync(BlobName name, Stream content, CancellationToken cancellationToken)
    {
        await BeforePut();
        return await inner.PutAsync(name, content, cancellationToken);
    }

    public Task<bool> PutFileAsync(BlobName name, string localPath, CancellationToken cancellationToken) =>
        inner.PutFileAsync(name, localPath, cancellationToken);

    public IAsyncEnumerable<BlobName> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) =>
        inner.DeleteAsync(name, cancellationToken);

    public string GetReadUrl(BlobName name) => inner.GetReadUrl(name);

    public string GetCreateUrl(BlobName name) => inner.GetCreateUrl(name);

    public string? GetDownloadUrl(BlobName name, string contentType, string contentDisposition, TimeSpan lifetime) =>
        inner.GetDownloadUrl(name, contentType, contentDisposition, lifetime);
}
