namespace FaceFusion.Batch.Coordinator.Simulating;

/// <summary>
/// One job on a fleet that has nothing else to do, with N frames, W slots, o seconds for every chunk (its margins included) and f for
/// every frame. Long chunks end unevenly, short ones pay o too often: N·o/(c·W) + c·f is least at c* = √(N·o / (W·f)).
/// </summary>
public static class ChunkFormula
{
    /// <returns>Frames per chunk, at least 1.</returns>
    public static double Optimum(int frames, int slots, StageCosts costs)
    {
        double overhead = costs.Attempt(0);
        return Math.Max(1, Math.Sqrt(frames * overhead / (Math.Max(1, slots) * costs.Frame)));
    }

    /// <summary>Seconds until the result, when every slot takes rounds of equal chunks.</summary>
    public static double Makespan(int frames, int slots, int chunkFrames, StageCosts costs)
    {
        int chunks = Math.Max(1, (int)Math.Ceiling((double)frames / chunkFrames));
        double rounds = Math.Ceiling((double)chunks / Math.Max(1, slots));
        double before = Math.Max(costs.ColdStart, costs.Prepare + (costs.PreparePerFrame * frames));
        return before
            + costs.Scan
            + (costs.ScanPerFrame * frames)
            + (rounds * costs.Attempt(Math.Min(frames, chunkFrames)))
            + costs.Assemble
            + (costs.AssemblePerFrame * frames);
    }
}
