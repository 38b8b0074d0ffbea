using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>
/// A folder of this process's own below one that all processes of a machine may be given: the first of <c>worker-1</c>,
/// <c>worker-2</c>, … that nobody holds. So what a dead process left is found, and swept, by the next one.
/// </summary>
internal static class ProcessFolder
{
    private const int Most = 256;

    /// <param name="work">The common folder.</param>
    /// <param name="role">First part of the folder's name.</param>
    /// <param name="take">Locks a folder, or throws <c>work-folder-busy</c>.</param>
    /// <exception cref="StorageException">It cannot be made, or too many are in use.</exception>
    public static T Take<T>(string work, string role, Func<string, T> take)
    {
        for (int number = 1; ; number++)
        {
            try
            {
                return take(Path.Combine(work, $"{role}-{number}"));
            }
            catch (StorageException e) when (e.Code == "work-folder-busy" && number < Most)
            {
                // Another process of this machine; the next number.
            }
        }
    }

    /// <summary>The folder for the files of attempts, without what an earlier process left in it.</summary>
    /// <param name="folder">Held by this process.</param>
    public static string EmptyScratch(string folder)
    {
        string scratch = Path.Combine(folder, "scratch");
        if (Directory.Exists(scratch))
        {
            Directory.Delete(scratch, recursive: true);
        }

        return scratch;
    }
}
