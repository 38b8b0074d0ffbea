using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Media.Tools;

/// <summary>What a finished child printed and cost.</summary>
public sealed record ToolRun(int ExitCode, byte[] Output, string Errors, double CpuMilliseconds);

/// <summary>
/// One ffmpeg or ffprobe: started without a shell, in a process group of its own, under resource limits; its stderr is always drained.
/// Disposing ends it, whatever it was doing, and so does the death of this process.
/// </summary>
public sealed class ChildTool : IDisposable
{
    private const int PoliteMilliseconds = 1_000;
    private const int SignalTerminate = 15;
    private static readonly string[] FfprobeFlags = ["-hide_banner", "-loglevel", "level+error"];
    private static readonly string[] FfmpegFlags =
    [
        "-nostdin",
        "-hide_banner",
        "-nostats",
        "-benchmark",
        "-filter_threads",
        "1",
        "-loglevel",
        "repeat+level+info",
    ];

    /// <summary>Heard where a process sends its traces. Arguments are not told: they hold signed addresses.</summary>
    private static readonly ActivitySource Spans = new("FaceFusion.Batch.Media");

    private readonly Process _process;
    private readonly Activity? _span;
    private readonly Thread _stderrThread;
    private readonly LineSink? _stderrLine;
    private readonly Action? _stderrEnd;
    private readonly ErrorRing _errors = new();
    private readonly bool _ownGroup;
    private readonly CpuAccount? _account = CpuAccount.Current;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _boundToken;
    private Timer? _killTimer;
    private double _benchMilliseconds;
    private double _sampledMilliseconds;
    private bool _disposed;

    private ChildTool(Process process, bool ownGroup, LineSink? stderrLine, Action? stderrEnd, Activity? span)
    {
        _process = process;
        _span = span;
        _ownGroup = ownGroup;
        _stderrLine = stderrLine;
        _stderrEnd = stderrEnd;
        Output = process.StandardOutput.BaseStream;
        Input = process.StandardInput.BaseStream;
        PipeSize.Widen(Output);
        PipeSize.Widen(Input);
        _stderrThread = new Thread(DrainStderr) { IsBackground = true, Name = "stderr" };
        _stderrThread.Start();
    }

    /// <summary>The child's stdout.</summary>
    public Stream Output { get; }

    /// <summary>The child's stdin; close it to let the child end.</summary>
    public Stream Input { get; }

    internal int ProcessId => _process.Id;

    /// <summary>Its last warnings and errors.</summary>
    public string Errors => _errors.ToString();

    /// <summary>
    /// User and system time that the child took. ffmpeg counts its own, without its start, which is most of a short run; the system's
    /// count has the start and may lack the end.
    /// </summary>
    public double CpuMilliseconds => Math.Max(_benchMilliseconds, _sampledMilliseconds);

    /// <summary>Starts a program. ffmpeg gets the flags that every run needs (quiet, no terminal, CPU time at the end).</summary>
    /// <param name="stderrLine">Called on the draining thread for every line of stderr; null: only warnings and errors are kept.</param>
    /// <param name="stderrEnd">Called there when no line follows.</param>
    /// <exception cref="MediaToolException"><c>ffmpeg-broken</c>: it cannot be started.</exception>
    public static ChildTool Start(
        MediaTools tools,
        MediaProgram program,
        IEnumerable<string> arguments,
        ToolLimits limits,
        LineSink? stderrLine = null,
        Action? stderrEnd = null
    )
    {
        List<string> command = [.. ChildFences.Before(tools, limits), tools.PathOf(program)];
        command.AddRange(program == MediaProgram.Ffmpeg ? FfmpegFlags : FfprobeFlags);
        command.AddRange(arguments);
        Activity? span = StartSpan(program, limits);
        try
        {
            return new ChildTool(
                ChildLauncher.Start(command),
                tools.SetsidPath is not null,
                stderrLine,
                stderrEnd,
                span
            );
        }
        catch (Win32Exception e)
        {
            span?.Dispose();
            throw new MediaToolException(
                "ffmpeg-broken",
                $"{tools.PathOf(program)} cannot be started ({e.Message}): check its installation.",
                isTransient: true,
                e
            );
        }
    }

    /// <summary>Runs to the end and returns the whole of stdout.</summary>
    public static ToolRun Capture(
        MediaTools tools,
        MediaProgram program,
        IEnumerable<string> arguments,
        ToolLimits limits,
        CancellationToken cancellationToken
    )
    {
        using ChildTool child = Start(tools, program, arguments, limits);
        child.Bind(cancellationToken);
        child.Input.Close();
        using MemoryStream output = new();
        child.Output.CopyTo(output);
        int exit = child.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        return new ToolRun(exit, output.ToArray(), child.Errors, child.CpuMilliseconds);
    }

    /// <summary>Runs to the end and hands each line of stdout over as it comes; what is beyond the longest line is cut off.</summary>
    public static ToolRun CaptureLines(
        MediaTools tools,
        MediaProgram program,
        IEnumerable<string> arguments,
        ToolLimits limits,
        LineSink outputLine,
        CancellationToken cancellationToken,
        LineSink? stderrLine = null,
        int longestLine = 4096
    )
    {
        using ChildTool child = Start(tools, program, arguments, limits, stderrLine);
        child.Bind(cancellationToken);
        child.Input.Close();
        LineSplitter lines = new(outputLine, longestLine);
        byte[] buffer = new byte[65_536];
        int count;
        while ((count = child.Output.Read(buffer)) > 0)
        {
            lines.Push(buffer.AsSpan(0, count));
            child.SampleCpu();
        }

        lines.Flush();
        int exit = child.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        return new ToolRun(exit, [], child.Errors, child.CpuMilliseconds);
    }

    /// <summary>From now on cancelling <paramref name="cancellationToken"/> stops the child, which also frees a blocked read or write.</summary>
    public void Bind(CancellationToken cancellationToken)
    {
        if (cancellationToken != _boundToken)
        {
            _cancellation.Dispose();
            _boundToken = cancellationToken;
            _cancellation = cancellationToken.UnsafeRegister(static child => ((ChildTool)child!).AskToStop(), this);
        }
    }

    /// <summary>Fills all of <paramref name="into"/> from stdout.</summary>
    /// <returns>False: it ended before, or the child was stopped.</returns>
    public bool TryFill(Span<byte> into) =>
        Output.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) == into.Length;

    /// <summary>Waits until the child has ended and its stderr is read to the end.</summary>
    /// <returns>Its exit code; above 128: ended by a signal.</returns>
    public int WaitForExit()
    {
        SampleCpu();
        _process.WaitForExit();
        _stderrThread.Join();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _cancellation.Dispose();
        if (!_process.HasExited)
        {
            Signal(SignalTerminate);
            Output.Close();
            if (!_process.WaitForExit(PoliteMilliseconds))
            {
                Kill();
                _process.WaitForExit();
            }
        }

        _stderrThread.Join();
        _killTimer?.Dispose();
        EndSpan();
        _process.Dispose();
        _account?.Add(CpuMilliseconds);
    }

    private static Activity? StartSpan(MediaProgram program, ToolLimits limits)
    {
        Activity? above = Activity.Current;
        Activity? span = Spans.StartActivity(
            $"{(program == MediaProgram.Ffmpeg ? "ffmpeg" : "ffprobe")} {limits.Purpose}"
        );
        // It runs beside whatever its starter does next, not around it.
        Activity.Current = above;
        return span;
    }

    private void EndSpan()
    {
        if (_span is null)
        {
            return;
        }

        Activity? above = Activity.Current;
        _ = _span.SetTag("process.exit.code", _process.ExitCode).SetTag("ffb.cpu_ms", CpuMilliseconds);
        if (_process.ExitCode != 0)
        {
            _ = _span.SetStatus(ActivityStatusCode.Error);
        }

        _span.Dispose();
        Activity.Current = above;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);

    private void AskToStop()
    {
        Signal(SignalTerminate);
        _killTimer = new Timer(static child => ((ChildTool)child!).Kill(), this, PoliteMilliseconds, Timeout.Infinite);
    }

    private void Signal(int signal)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                _process.Kill();
            }
            else if (!_process.HasExited)
            {
                _ = SendSignal(_ownGroup ? -_process.Id : _process.Id, signal);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the signal: that is what was wanted.
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself: that is what was wanted.
        }
    }

    private void DrainStderr()
    {
        Stream stderr = _process.StandardError.BaseStream;
        LineSplitter lines = new(TakeStderrLine);
        byte[] buffer = new byte[16_384];
        int count;
        while ((count = stderr.Read(buffer)) > 0)
        {
            lines.Push(buffer.AsSpan(0, count));
        }

        lines.Flush();
        SampleCpu();
        _stderrEnd?.Invoke();
    }

    private void TakeStderrLine(ReadOnlySpan<byte> line)
    {
        int bench = line.IndexOf("bench: utime="u8);
        if (bench >= 0)
        {
            ReadBench(System.Text.Encoding.ASCII.GetString(line[bench..]));
        }
        else if (line.IndexOf("[info]"u8) < 0)
        {
            _errors.Add(line);
        }

        _stderrLine?.Invoke(line);
    }

    private void ReadBench(string line)
    {
        // "bench: utime=0.007s stime=0.005s rtime=0.046s": getrusage of the child itself, all its threads included.
        double seconds = 0;
        foreach (string name in (string[])["utime=", "stime="])
        {
            int start = line.IndexOf(name, StringComparison.Ordinal) + name.Length;
            int end = line.IndexOf('s', start);
            seconds += double.Parse(line.AsSpan(start, end - start), CultureInfo.InvariantCulture);
        }

        _benchMilliseconds = 1_000 * seconds;
    }

    private void SampleCpu()
    {
        try
        {
            _sampledMilliseconds = Math.Max(_sampledMilliseconds, _process.TotalProcessorTime.TotalMilliseconds);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            // Already reaped: the last sample stands.
        }
    }
}
