using System.Diagnostics;
using FaceFusion.Batch.House.Tests.Tree;

namespace FaceFusion.Batch.House.Tests.Scripts;

/// <summary>
/// Runs a script of the tree with a PATH of its own: a folder with links to the ordinary commands, without those that a test leaves
/// out, and with small fakes in their place.
/// </summary>
internal sealed class ScriptSandbox : IDisposable
{
    private static readonly string[] Ordinary =
    [
        .. "bash basename base64 cat chmod cp cut date dirname env false find flock grep gzip head id ln ls mkdir mktemp mv".Split(
            ' '
        ),
        .. "node npm prlimit readlink rm sed sha256sum sha512sum sort tail tar touch tr true uname xargs".Split(' '),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("ffb-house-").FullName;

    public ScriptSandbox(params string[] without)
    {
        Directory.CreateDirectory(Bin);
        foreach (string command in Ordinary.Except(without))
        {
            if (FindCommand(command) is { } target)
            {
                File.CreateSymbolicLink(Path.Combine(Bin, command), target);
            }
        }
    }

    public string Folder => _folder;

    private string Bin => Path.Combine(_folder, "bin");

    /// <summary>Puts a command of our own into the PATH.</summary>
    public ScriptSandbox Fake(string command, string script)
    {
        string path = Path.Combine(Bin, command);
        File.Delete(path);
        Place(path, script);
        return this;
    }

    /// <summary>Writes a bash script that can be run.</summary>
    public static void Place(string path, string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!{FindCommand("bash")}\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public (int Code, string Out, string Error) Run(
        string script,
        string[] arguments,
        params (string, string)[] environment
    )
    {
        var start = new ProcessStartInfo(FindCommand("bash")!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(script.StartsWith('/') ? script : Solution.PathOf(script));
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["PATH"] = Bin;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string? FindCommand(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, command))
            .FirstOrDefault(File.Exists);
}
