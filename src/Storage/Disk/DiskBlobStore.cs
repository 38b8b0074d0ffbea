using System.Runtime.CompilerServices;

namespace FaceFusion.Batch.Storage.Disk;

/// <summary>Blobs as files below a folder. Bytes arrive in <c>incoming/</c> and move under <c>blobs/</c> when they are whole.</summary>
public sealed class DiskBlobStore : IBlobStore
{
    private readonly string _blobs;
    private readonly string _incoming;

    /// <exception cref="BlobStoreException">The folder cannot be made.</exception>
    public DiskBlobStore(string folder)
    {
        string root = Path.GetFullPath(folder);
        _blobs = Path.Combine(root, "blobs");
        _incoming = Path.Combine(root, "incoming");
        try
        {
            _ = Directory.CreateDirectory(_blobs);
            _ = Directory.CreateDirectory(_incoming);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BlobStoreException.Of(e, root);
        }
    }

    /// <summary>The folder that every <c>file:</c> URL of this store points into.</summary>
    public string BlobFolder => _blobs;

    /// <summary>Deletes what a dead process left half-written. Only for the one process that owns the folder, before it writes.</summary>
    public void SweepIncoming()
    {
        foreach (string file in Directory.EnumerateFiles(_incoming))
        {
            File.Delete(file);
        }
    }

    /// <summary>Nothing is left to do: the constructor has made the folders.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<long?> FindLengthAsync(BlobName name, CancellationToken cancellationToken)
    {
        FileInfo file = new(PathOf(name));
        return Task.FromResult<long?>(file.Exists ? file.Length : null);
    }

    public Task<Stream> OpenReadAsync(BlobName name, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream>(
                new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16)
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BlobStoreException.Of(e, $"the blob {name}");
        }
    }

    public async Task<bool> PutAsync(BlobName name, Stream content, CancellationToken cancellationToken)
    {
        string temporary = Path.Combine(_incoming, Path.GetRandomFileName());
        try
        {
            await using (
                FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16)
            )
            {
                await content.CopyToAsync(file, cancellationToken);
            }

            return AtomicFile.TryPublish(temporary, PathOf(name));
        }
        catch (Exception e) when (BlobStoreException.IsOfFiles(e))
        {
            throw BlobStoreException.Of(e, _blobs);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public async Task<bool> PutFileAsync(BlobName name, string localPath, CancellationToken cancellationToken)
    {
        await using FileStream file = new(localPath, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return await PutAsync(name, file, cancellationToken);
    }

    public async IAsyncEnumerable<BlobName> ListAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        string start = folder.Length == 0 ? _blobs : PathOf(BlobName.Parse(folder.TrimEnd('/')));
        if (!Directory.Exists(start))
        {
            yield break;
        }

        IEnumerable<string> names = Directory
            .EnumerateFiles(start, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_blobs, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        foreach (string found in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (BlobName.TryParse(found, out BlobName name))
            {
                yield return name;
            }
        }

        await Task.CompletedTask;
    }

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    public string GetReadUrl(BlobName name) => new Uri(PathOf(name)).AbsoluteUri;

    public string GetCreateUrl(BlobName name) => new Uri(PathOf(name)).AbsoluteUri;

    public string? GetDownloadUrl(BlobName name, string contentType, string contentDisposition, TimeSpan lifetime) =>
        null;

    public string? FindLocalPath(BlobName name) => PathOf(name);

    private string PathOf(BlobName name) => Path.Combine(_blobs, name.Value.Replace('/', Path.DirectorySeparatorChar));
}
