using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Assembling;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>Checks a place for a result before any work is done for it.</summary>
public static class OutputPath
{
    /// <summary>The absolute path; null stays null.</summary>
    /// <exception cref="StorageException">
    /// <c>output-is-folder</c>, <c>output-folder-missing</c>, <c>output-not-writable</c>, <c>disk-full</c>.
    /// </exception>
    public static string? Check(string? output)
    {
        if (output is null)
        {
            return null;
        }

        string path = Path.GetFullPath(output);
        if (Directory.Exists(path))
        {
            throw new StorageException(
                "output-is-folder",
                $"{path} is a folder: name a file in it.",
                isTransient: false
            );
        }

        OutputFolder.Check(Path.GetDirectoryName(path) ?? "/");
        return path;
    }
}
