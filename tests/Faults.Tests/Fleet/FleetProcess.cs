using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Faults.Tests.Fleet;

/// <summary>A Coordinator or a Worker, started again a moment after it dies, as a supervisor would.</summary>
internal sealed class FleetProcess : IAsyncDisposable
{
    private const int SigCont = 18;
    private const int SigStop = 19;

    private readonly Func<int, ProcessStartInfo> _start;
    private readonly string _log;
    private readonly TaskCompletionSource _ready = new();
    private readonly Lock _guard = new();
    private Process? _process;
    private bool _isOver;
    private Task _supervising = Task.CompletedTask;

    /// <param name="start">Its n-th life.</param>
    /// <param name="log">Where its words go.</param>
    public FleetProcess(Func<int, ProcessStartInfo> start, string log)
    {
        _start = start;
        _log = log;
    }

    public int Lives { get; private set; }

    /// <summary>When armed faults of this process have struck.</summary>
    public ConcurrentQueue<(DateTimeOffset At, string Fault)> Struck { get; } = new();

    /// <summary>Returns when it works for the first time.</summary>
    public Task StartAsync()
    {
        _supervising = SuperviseAsync();
        return _ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>A line for <see cref="Hosts.FaultSwitch"/>; the process may be gone, and then there is nothing to arm.</summary>
    public void Tell(string line)
    {
        lock (_guard)
        {
            try
            {
                _process?.StandardInput.WriteLine(line);
                _process?.StandardInput.Flush();
            }
            catch (IOException)
            {
                // It died under our hand.
            }
        }
    }

    public void Kill() => Send(process => process.Kill());

    public void Freeze() => Send(process => _ = SendSignal(process.Id, SigStop));

    public void Thaw() => Send(process => _ = SendSignal(process.Id, SigCont));

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        Kill();
        await _supervising.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Send(Action<Process> send)
    {
        lock (_guard)
        {
            if (_process is { HasExited: false } process)
            {
                send(process);
            }
        }
    }

    private async Task SuperviseAsync()
    {
        while (!_isOver)
        {
            ProcessStartInfo start = _start(++Lives);
            start.RedirectStandardInput = true;
            start.RedirectStandardOutput = true;
            start.RedirectStandardError = true;
            using Process process =
                Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
            lock (_guard)
            {
                _process = process;
            }

            Task words = SaveAsync(process.StandardError);
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("struck ", StringComparison.Ordinal))
                {
                    Struck.Enqueue((TimeProvider.System.GetUtcNow(), line["struck ".Length..]));
                }
            }

            await process.WaitForExitAsync();
            await words;
            lock (_guard)
            {
                _process = null;
            }

            await Task.Delay(500);
        }
    }

    private async Task SaveAsync(StreamReader words)
    {
        while (await words.ReadLineAsync() is { } line)
        {
            await File.AppendAllTextAsync(_log, line + "\n");
            if (line.EndsWith("is ready", StringComparison.Ordinal))
            {
                _ = _ready.TrySetResult();
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
