using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Media.Assembling;

/// <summary>Whether a result can be written somewhere; asked before any work is done, and again before the join.</summary>
public static class OutputFolder
{
    /// <exception cref="StorageException"><c>output-folder-missing</c>, <c>output-not-writable</c>, <c>disk-full</c>.</exception>
    public static void Check(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new StorageException(
                "output-folder-missing",
                $"The output folder {folder} does not exist: make it first, or choose another.",
                isTransient: false
            );
        }

        string probe = Path.Combine(folder, $".ffb-{Guid.NewGuid():N}");
        try
        {
            using FileStream file = new(
                probe,
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose
            );
            file.WriteByte(0);
        }
        catch (UnauthorizedAccessException e)
        {
            throw NotWritable(folder, e);
        }
        catch (IOException e)
        {
            const int NoSpaceLeft = 28;
            throw e.HResult == NoSpaceLeft
                ? new StorageException(
                    "disk-full",
                    $"The disk of {folder} is full: free some space and run again.",
                    isTransient: true,
                    e
                )
                : NotWritable(folder, e);
        }
    }

    internal static StorageException NotWritable(string path, Exception inner) =>
        new(
            "output-not-writable",
            $"{path} cannot be written ({inner.Message}): choose another output.",
            isTransient: false,
            inner
        );
}
