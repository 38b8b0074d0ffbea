using System.Diagnostics;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Support;

/// <summary>A run of <c>ffb</c> in the middle of its work, and its hidden work folder.</summary>
internal sealed class RunningFfb : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _said;
    private readonly string _work;

    /// <param name="output">Where the result goes; the work folder lies hidden beside it.</param>
    /// <param name="arguments">The whole command line.</param>
    public RunningFfb(string output, string[] arguments)
    {
        _process = Ffb.StartInterruptible(arguments);
        _said = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        _work = Path.Combine(Path.GetDirectoryName(output)!, $".{Path.GetFileName(output)}.ffb");
    }

    public int ExitCode => _process.ExitCode;

    public Task<string> Said => _said;

    /// <summary>Finished segments in the work folder.</summary>
    public int Segments =>
        Directory.Exists(Path.Combine(_work, "blobs", "jobs"))
            ? Directory
                .EnumerateFiles(Path.Combine(_work, "blobs", "jobs"), "*.mp4", SearchOption.AllDirectories)
                .Count()
            : 0;

    /// <summary>Processes with the work folder in their command line: its ffmpegs.</summary>
    public int[] Children =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(folder => int.TryParse(Path.GetFileName(folder), out int id) && id != _process.Id)
                .Where(folder => Read(folder, "cmdline").Contains(_work, StringComparison.Ordinal))
                .Select(folder => int.Parse(Path.GetFileName(folder), null)),
        ];

    /// <summary>Those of them that are ffmpeg by now, and not yet one of the small programs that fence it in and then become it.</summary>
    public int[] Ffmpegs => [.. Children.Where(id => Read($"/proc/{id}", "comm") is "ffmpeg\n" or "ffprobe\n")];

    public Task UntilAsync(Func<bool> holds) => WaitAsync(() => holds() || _process.HasExited, TimeSpan.FromMinutes(3));

    public static async Task WaitAsync(Func<bool> holds, TimeSpan longest)
    {
        using CancellationTokenSource tooLong = new(longest);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(20));
        while (!holds())
        {
            _ = await look.WaitForNextTickAsync(tooLong.Token);
        }
    }

    /// <param name="name">As <c>kill</c> knows it, such as <c>INT</c>.</param>
    public void Signal(string name) => _ = Clips.Ask("kill", $"-{name}", $"{_process.Id}");

    public Task EndAsync() => _process.WaitForExitAsync(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        foreach (int orphan in Children)
        {
            _ = Clips.Ask("kill", "-KILL", $"{orphan}");
        }

        _process.Dispose();
    }

    private static string Read(string folder, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, name));
        }
        catch (IOException)
        {
            // It ended while we looked.
            return "";
        }
    }
}
