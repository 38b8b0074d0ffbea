namespace FaceFusion.Batch.Faces.Store;

/// <summary>Files that one process writes at a time, and that readers find whole.</summary>
internal static class StoreFiles
{
    private const string LockFolder = ".locks";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Holds a name in a folder of the store, as soon as nobody else does, until it is disposed or the process ends. What is locked is a
    /// file of its own that stays: one that is renamed or deleted while others wait for it would be held by two.
    /// Null: somebody had it to the end of the wait.
    /// </summary>
    /// <param name="folder">Of the store; made if it is missing.</param>
    /// <param name="name">A plain name.</param>
    /// <param name="longest">How long is waited; null: for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static FileStream? Hold(string folder, string name, TimeSpan? longest, CancellationToken cancellationToken)
    {
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, LockFolder)).FullName, name);
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (TryOpen(path) is { } held)
            {
                return held;
            }

            if (TimeProvider.System.GetElapsedTime(start) >= longest)
            {
                return null;
            }

            _ = cancellationToken.WaitHandle.WaitOne(LookEvery);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Other bytes under the same name, all at once.</summary>
    public static void Replace(string path, byte[] content)
    {
        string draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            File.WriteAllBytes(draft, content);
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Null: somebody else has it open.</summary>
    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException) && File.Exists(path))
        {
            return null;
        }
    }
}
