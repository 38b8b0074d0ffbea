namespace FaceFusion.Batch.Faces.Store;

/// <summary>Files that one process writes at a time, and that readers find whole.</summary>
internal static class StoreFiles
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>On Windows an open file may be renamed only if it is shared for that; elsewhere sharing nothing is what locks it.</summary>
    private static FileShare Alone => OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    /// <summary>Opens the file, made if it is missing, as soon as nobody else has it open. Null: somebody had it to the end of the wait.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="longest">How long is waited; null: for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static FileStream? OpenExclusive(string path, TimeSpan? longest, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (TryOpenExclusive(path) is { } file)
            {
                return file;
            }

            if (TimeProvider.System.GetElapsedTime(start) > longest)
            {
                return null;
            }

            _ = cancellationToken.WaitHandle.WaitOne(LookEvery);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Null: somebody else has it open.</summary>
    /// <exception cref="IOException">It cannot be opened for another reason.</exception>
    public static FileStream? TryOpenExclusive(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Alone);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException) && File.Exists(path))
        {
            return null;
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
}
