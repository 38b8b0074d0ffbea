using System.Diagnostics;
using System.Text;

namespace FaceFusion.Batch.Deploy.Tests;

/// <summary>The tree that these tests read, found upwards from the running program, and the commands run in it.</summary>
internal static class Tree
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static IReadOnlyList<string> Overlays { get; } =
    [
        .. Directory
            .EnumerateDirectories(PathOf("deploy", "k8s", "overlays"))
            .Select(folder => Path.GetFileName(folder)!)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Runs a command to its end: its exit code, and what it wrote to stdout and to stderr.</summary>
    public static (int Code, string Out, string Error) Run(string command, params string[] arguments)
    {
        ProcessStartInfo start = new(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        using Process process = Process.Start(start)!;
        StringBuilder error = new();
        process.ErrorDataReceived += (_, line) => error.AppendLine(line.Data);
        process.BeginErrorReadLine();
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said, error.ToString());
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FaceFusion.Batch.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder from {AppContext.BaseDirectory} upwards holds the solution.");
    }
}
