using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Media.Tools;

/// <summary>
/// CPU time of a piece of work on one thread: the thread's own, and that of every ffmpeg and ffprobe that it starts while the account
/// is open. Waiting for other threads or for the machine costs nothing here, so costs of stages that ran side by side can be added.
/// Accounts on one thread may be nested; what is booked on the inner one is on the outer one too.
/// </summary>
public sealed class CpuAccount : IDisposable
{
    private const int LinuxThreadCpuTime = 3;

    [ThreadStatic]
    private static CpuAccount? _open;

    private readonly CpuAccount? _outer;
    private readonly double _start;
    private readonly Lock _gate = new();
    private double _beside;

    private CpuAccount(CpuAccount? outer)
    {
        _outer = outer;
        _start = ThreadMilliseconds();
    }

    /// <summary>Milliseconds so far; read it on the thread that opened the account, after the children were disposed and what ran beside has ended.</summary>
    public double Milliseconds => ThreadMilliseconds() - _start + _beside;

    internal static CpuAccount? Current => _open;

    /// <summary>Opens an account on this thread, until it is disposed on this thread.</summary>
    public static CpuAccount Open() => _open = new CpuAccount(_open);

    /// <summary>
    /// CPU milliseconds of the calling thread since an arbitrary start. POSIX <c>clock_gettime(CLOCK_THREAD_CPUTIME_ID)</c> on Linux, wall
    /// time elsewhere.
    /// </summary>
    public static double ThreadMilliseconds()
    {
        if (OperatingSystem.IsLinux() && ClockGetTime(LinuxThreadCpuTime, out TimeSpec now) == 0)
        {
            return (now.Seconds * 1e3) + (now.Nanoseconds / 1e6);
        }

        return Stopwatch.GetTimestamp() * 1e3 / Stopwatch.Frequency;
    }

    public void Dispose() => _open = _outer;

    /// <summary>Runs work of the account's thread on the calling one.</summary>
    internal static T Book<T>(CpuAccount? account, Func<T> work)
    {
        double start = ThreadMilliseconds();
        CpuAccount? own = _open;
        _open = account;
        try
        {
            return work();
        }
        finally
        {
            _open = own;
            account?.Add(ThreadMilliseconds() - start);
        }
    }

    internal void Add(double milliseconds)
    {
        lock (_gate)
        {
            _beside += milliseconds;
        }

        _outer?.Add(milliseconds);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
