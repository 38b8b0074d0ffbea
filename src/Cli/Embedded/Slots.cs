namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>How many chunks are worked on at a time.</summary>
internal static class Slots
{
    /// <summary>
    /// One per core and one more: a chunk's four threads wait for each other more than they run side by side, and while a chunk starts
    /// or ends another one has the core.
    /// </summary>
    public static int Default => Math.Clamp(Environment.ProcessorCount + 1, 1, Commands.JobOptions.MostWorkers);
}
