using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FaceFusion.Batch.Storage.Disk;

/// <summary>A file appears under its final name whole, flushed to the disk, and only once.</summary>
public static class AtomicFile
{
    /// <summary>EEXIST.</summary>
    private const int NameIsTaken = 17;

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

            return TryMove(temporary, final);
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

    /// <summary>
    /// The runtime's own move looks first and renames then, so two writers can both win. A hard link (POSIX <c>link</c>) is made or
    /// refused in one step.
    /// </summary>
    private static bool TryMove(string temporary, string final)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(temporary, final) == 0)
            {
                File.Delete(temporary);
                return true;
            }

            if (Marshal.GetLastPInvokeError() == NameIsTaken)
            {
                File.Delete(temporary);
                return false;
            }
        }

        // Windows refuses by itself; a file system without hard links has nothing better.
        File.Move(temporary, final, overwrite: false);
        return true;
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string existing,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string made
    );
}
