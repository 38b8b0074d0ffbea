using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>Short-lived local files of this process.</summary>
public sealed class Scratch
{
    private readonly string _root;
    private readonly IBlobStore _store;

    /// <exception cref="Contracts.Errors.StorageException">The folder cannot be made.</exception>
    public Scratch(WorkFolder work, IBlobStore store)
    {
        _root = Path.Combine(work.FullPath, "scratch");
        _store = store;
        Create(_root);
    }

    public Folder Make()
    {
        string path = Path.Combine(_root, Path.GetRandomFileName());
        Create(path);
        return new Folder(path);
    }

    /// <summary>Deletes what a dead process left. Only for the one process that owns the work folder, before it works.</summary>
    public void Sweep()
    {
        foreach (string folder in Directory.EnumerateDirectories(_root))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A blob as a local file: where it lies, or a copy in <paramref name="folder"/>, which is made once. Never write to it.</summary>
    public async Task<string> FetchAsync(BlobName name, Folder folder, CancellationToken cancellationToken)
    {
        if (_store.FindLocalPath(name) is { } path)
        {
            return path;
        }

        string copy = folder.PathOf(name.Value.Replace('/', '-'));
        if (File.Exists(copy))
        {
            return copy;
        }

        // Under its name it is whole: a copy that was broken off is not taken for one.
        string part = copy + ".part";
        await using (Stream content = await _store.OpenReadAsync(name, cancellationToken))
        await using (FileStream file = new(part, FileMode.Create, FileAccess.Write))
        {
            await content.CopyToAsync(file, cancellationToken);
        }

        File.Move(part, copy);
        return copy;
    }

    private static void Create(string folder)
    {
        try
        {
            _ = Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failures.ToException(BlobStoreException.Of(e, folder));
        }
    }

    /// <summary>A folder that is gone, with all in it, when it is disposed.</summary>
    public sealed class Folder(string path) : IDisposable
    {
        public string FullPath => path;

        public string PathOf(string fileName) => Path.Combine(path, fileName);

        public void Dispose()
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }
}
