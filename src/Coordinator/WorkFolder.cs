using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Coordinator.Tracking;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator;

/// <summary>The folder of database and blobs, held by one process at a time for as long as it lives.</summary>
public sealed class WorkFolder : IDisposable
{
    private readonly FileStream _lock;

    /// <exception cref="StorageException"><c>work-folder-busy</c>, or it cannot be made.</exception>
    public WorkFolder(string path)
    {
        FullPath = Path.GetFullPath(path);
        try
        {
            _ = Directory.CreateDirectory(FullPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failures.ToException(BlobStoreException.Of(e, FullPath));
        }

        try
        {
            _lock = new FileStream(
                Path.Combine(FullPath, "lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException e)
        {
            throw new StorageException(
                "work-folder-busy",
                $"Another process works in {FullPath}. Wait for it to end, or choose another folder with --work.",
                isTransient: true,
                e
            );
        }
        catch (UnauthorizedAccessException e)
        {
            throw Failures.ToException(BlobStoreException.Of(e, FullPath));
        }
    }

    public string FullPath { get; }

    public void Dispose() => _lock.Dispose();
}
