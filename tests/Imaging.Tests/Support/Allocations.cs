namespace FaceFusion.Batch.Imaging.Tests.Support;

internal static class Allocations
{
    /// <summary>Bytes that this thread allocates in ten calls, after two that may grow scratch buffers and compile.</summary>
    public static long Of(Action kernel)
    {
        kernel();
        kernel();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            kernel();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
