using FaceFusion.Batch.Worker.Pipeline;

namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>How many chunks are worked on at a time.</summary>
internal static class Slots
{
    /// <summary>As the formula of the worker says for this machine; chunks do not depend on the device, lanes do.</summary>
    public static int Default =>
        InFlight
            .For(Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, isAccelerated: false)
            .Chunks;
}
