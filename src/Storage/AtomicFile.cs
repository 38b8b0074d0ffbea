using Microsoft.Win32.SafeHandles;

namespace FaceFusion.Batch.Storage;

/// <summary>A file appears under its final name whole, flushed to the disk, and only once.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Flushes <paramref name="temporary"/> and gives it its final name; false, and the temporary file is gone, if the name is taken.
    /// Both must lie on one file system for the step to be atomic.
    /// </summary>
    /// <exception cref="BlobStoreException">The disk is full, or the folder may not be written.</exception>
    public static bool TryPublish(string temporary, string final)
    {
        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(final) ?? ".");
            using (SafeFileHandle handle = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(handle);
            }

            // Without overwriting, the runtime links and then unlinks: it cannot replace a file made in the meantime.
            File.Move(temporary, final, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(final))
        {
            File.Delete(temporary);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BlobStoreException.Of(e, Path.GetDirectoryName(final) ?? final);
        }
    }
}
