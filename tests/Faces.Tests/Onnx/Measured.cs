using FaceFusion.Batch.Media.Tools;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Onnx;

/// <summary>CPU time and memory that a piece of work took on its thread.</summary>
internal static class Measured
{
    /// <summary>What one file may allocate, however it is made: 64 MB and 16 bytes for each of its own.</summary>
    public static long Allowance(int fileBytes) => (64L << 20) + (16L * fileBytes);

    /// <summary>Milliseconds and bytes. Waiting for other processes costs nothing here.</summary>
    public static (double Milliseconds, long Bytes) Of(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        double start = CpuAccount.ThreadMilliseconds();
        work();
        double end = CpuAccount.ThreadMilliseconds();
        return (end - start, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>The work's cost when its code is compiled: the better of a few runs, of which the first one compiles.</summary>
    public static void RequireCheap(string name, int fileBytes, double milliseconds, Action work)
    {
        (double best, long bytes) = Of(work);
        for (int i = 0; i < 4 && (i == 0 || best > milliseconds); i++)
        {
            (double again, bytes) = Of(work);
            best = Math.Min(best, again);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {best:0.0} ms, {bytes / 1e6:0.0} MB of {Allowance(fileBytes) / 1e6:0} MB"
        );
        Assert.True(best <= milliseconds, $"{name} took {best:0.0} ms of CPU time.");
        Assert.True(bytes <= Allowance(fileBytes), $"{name} of {fileBytes} bytes took {bytes} bytes of memory.");
    }
}
