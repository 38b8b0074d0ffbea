using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Worker.Pipeline;

/// <summary>
/// CPU time of the calling thread, so that a stage's cost does not include waiting for its neighbours or for the other slots' threads.
/// POSIX <c>clock_gettime(CLOCK_THREAD_CPUTIME_ID)</c> on Linux, wall time elsewhere.
/// </summary>
internal static class StageClock
{
    private const int LinuxThreadCpuTime = 3;

    /// <summary>Milliseconds since an arbitrary start, per thread.</summary>
    public static double Now()
    {
        if (OperatingSystem.IsLinux() && ClockGetTime(LinuxThreadCpuTime, out TimeSpec now) == 0)
        {
            return (now.Seconds * 1e3) + (now.Nanoseconds / 1e6);
        }

        return Stopwatch.GetTimestamp() * 1e3 / Stopwatch.Frequency;
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
