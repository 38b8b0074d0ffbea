using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Worker.Transfer;

/// <summary>A folder for the files of one attempt, gone with all in it when it is disposed.</summary>
public sealed class ScratchFolder : IDisposable
{
    private readonly string _path;

    /// <exception cref="BlobStoreException">The folder cannot be made.</exception>
    public ScratchFolder(WorkerOptions options)
    {
        _path = Path.Combine(Path.GetFullPath(options.ScratchFolder), Path.GetRandomFileName());
        try
        {
            _ = Directory.CreateDirectory(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BlobStoreException.Of(e, _path);
        }
    }

    public string PathOf(string fileName) => Path.Combine(_path, fileName);

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }
}
