using System.Diagnostics;
using System.Runtime.InteropServices;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>
/// Another process of this program, in a session of its own so that a Ctrl-C reaches it through us alone. If we die, it is told
/// to stop.
/// </summary>
internal sealed class FleetChild : IDisposable
{
    private const int SignalTerminate = 15;

    private readonly Process _process;
    private readonly Task _speaking;

    private FleetChild(string name, Process process, Action<string> say)
    {
        Name = name;
        _process = process;
        process.StandardInput.Close();
        _speaking = Task.WhenAll(PassOnAsync(process.StandardOutput, say), PassOnAsync(process.StandardError, say));
    }

    public string Name { get; }

    /// <summary>Once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    public bool HasEnded => _process.HasExited;

    /// <param name="name">Before each of its lines.</param>
    /// <param name="tools">For the small programs in front of it.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Variables; null takes one away.</param>
    /// <param name="say">Takes each of its lines, from any thread.</param>
    public static FleetChild Start(
        string name,
        MediaTools tools,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string?> environment,
        Action<string> say
    )
    {
        List<string> command = [];
        if (tools.SetsidPath is string setsid)
        {
            command.Add(setsid);
        }

        if (tools.SetprivPath is string setpriv)
        {
            command.AddRange([setpriv, "--pdeathsig", "TERM"]);
        }

        command.AddRange(OwnProgram.Command());
        command.AddRange(arguments);
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string variable, string? value) in environment)
        {
            start.Environment[variable] = value;
        }

        return new FleetChild(name, ChildLauncher.Start(start), say);
    }

    public void AskToStop()
    {
        if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, SignalTerminate);
        }
    }

    /// <summary>Returns when it has ended and all that it said is passed on.</summary>
    public async Task EndAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        await _speaking.WaitAsync(stop);
    }

    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public void Dispose() => _process.Dispose();

    private static async Task PassOnAsync(StreamReader from, Action<string> say)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            say(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
