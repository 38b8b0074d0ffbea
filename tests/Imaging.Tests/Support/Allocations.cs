namespace FaceFusion.Batch.Imaging.Tests.Support;

internal static class Allocations
{
    /// <summary>
    /// Bytes that this thread allocates in ten calls, after two that may grow scratch buffers and compile; the least of three tries. A
    /// collection in between takes what is left of the thread's buffer of 8 KiB for used, which was seen once; a kernel that allocates
    /// does so in every try.
    /// </summary>
    public static long Of(Action kernel)
    {
        kernel();
        kernel();
        long least = long.MaxValue;
        for (int turn = 0; turn < 3; turn++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++)
            {
                kernel();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
