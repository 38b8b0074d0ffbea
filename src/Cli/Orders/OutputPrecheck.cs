using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Cli.Orders;

/// <summary>Can the result be put where the user wants it? Asked before any work is done.</summary>
internal static class OutputPrecheck
{
    /// <param name="output">As the user gave it.</param>
    /// <param name="inputs">Files that must not be overwritten, existing.</param>
    /// <returns>The absolute path of the result.</returns>
    /// <exception cref="InvalidRecipeException">The name cannot be that of a result.</exception>
    /// <exception cref="StorageException">The folder is missing or cannot be written to.</exception>
    public static string Check(string output, IEnumerable<string> inputs)
    {
        string path = Path.GetFullPath(output);
        RequirePlace(path, inputs);
        return path;
    }

    /// <summary>The same for a contact sheet.</summary>
    /// <returns>The absolute path of the sheet.</returns>
    /// <exception cref="InvalidRecipeException">The name cannot be that of a sheet.</exception>
    /// <exception cref="StorageException">The folder is missing or cannot be written to.</exception>
    public static string CheckSheet(string sheet, string target)
    {
        string path = Path.GetFullPath(sheet);
        if (!path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidRecipeException("output-extension", $"The contact sheet {sheet} must end in .png.");
        }

        RequirePlace(path, [target]);
        return path;
    }

    private static void RequirePlace(string path, IEnumerable<string> inputs)
    {
        string folder = Path.GetDirectoryName(path) ?? path;
        if (Directory.Exists(path))
        {
            throw new InvalidRecipeException("output-is-folder", $"{path} is a folder: give the result a file name.");
        }

        if (!Directory.Exists(folder))
        {
            throw new StorageException(
                "output-folder-missing",
                $"The output folder {folder} does not exist: make it first.",
                isTransient: false
            );
        }

        if (inputs.FirstOrDefault(input => IsSameFile(input, path)) is string same)
        {
            throw new InvalidRecipeException(
                "output-is-input",
                $"The output would overwrite {same}: give the result another name."
            );
        }

        RequireWritable(folder);
    }

    /// <exception cref="StorageException"><c>disk-full</c>.</exception>
    public static void RequireSpace(string folder, long bytes)
    {
        long free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < bytes)
        {
            throw new StorageException(
                "disk-full",
                $"The job needs about {Megabytes(bytes)} in {folder}, but {Megabytes(free)} are free: make room or use another folder.",
                isTransient: false
            );
        }
    }

    private static string Megabytes(long bytes) => $"{Math.Max(1, bytes >> 20):N0} MiB";

    private static bool IsSameFile(string input, string output)
    {
        string Real(string path) =>
            File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        return File.Exists(output) && string.Equals(Real(input), Real(output), StringComparison.Ordinal);
    }

    /// <summary>Permissions, read-only mounts and quotas have one thing in common: a file cannot be made.</summary>
    private static void RequireWritable(string folder)
    {
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                "output-not-writable",
                $"The output folder {folder} cannot be written to: check its owner and permissions, or choose another folder.",
                isTransient: false,
                e
            );
        }
    }
}
