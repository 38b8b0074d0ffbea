namespace FaceFusion.Batch.Cli.Embedded;

/// <summary>How many chunks are worked on at a time.</summary>
internal static class Slots
{
    /// <summary>
    /// One per core: a chunk's four threads wait for each other more than they run side by side, and ffmpeg's own threads fill the rest.
    /// </summary>
    public static int Default => Math.Clamp(Environment.ProcessorCount, 1, Commands.JobOptions.MostWorkers);
}
