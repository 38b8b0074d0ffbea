namespace FaceFusion.Batch.Imaging.Tests.Support;

internal static class Allocations
{
    /// <summary>
    /// Bytes that this thread allocates in ten calls, after two that may grow scratch buffers and compile; the least of three tries. Once,
    /// beside other work, 7,456 bytes were counted for a kernel that showed none in forty further runs; why is not known. A kernel that
    /// allocates does so in every try.
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
