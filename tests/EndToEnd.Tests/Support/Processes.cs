namespace FaceFusion.Batch.EndToEnd.Tests.Support;

/// <summary>What runs on this machine, as the kernel knows it.</summary>
internal static class Processes
{
    /// <summary>Processes that have each of these as an argument of their own.</summary>
    public static int[] With(params string[] arguments) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
                .Where(folder => arguments.All(CommandLine(folder).Contains))
                .Select(folder => int.Parse(Path.GetFileName(folder), null)),
        ];

    private static string[] CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked.
            return [];
        }
    }
}
