namespace FaceFusion.Batch.Media.Planning;

/// <summary>How long chunks are when nobody says: every slot gets the same number of chunks, none shorter than pays.</summary>
public static class ChunkLength
{
    /// <summary>Below this a chunk's margins and start-up cost more than another slot gains.</summary>
    public const int Shortest = 48;

    /// <summary>
    /// What a chunk may take a slot: so much is lost with a worker, and waited for when one is drained. Fast slots get longer chunks for it,
    /// because a card's decoder takes a second to start, in which no other of the machine does (on an H100 chunks of 424 frames started
    /// one every 0.6 s).
    /// </summary>
    public const double MostSeconds = 45;

    /// <summary>Longest chunk of however fast a slot.</summary>
    public const int MostFrames = 4 * ChunkPlanner.LongestChunkFrames;

    /// <param name="frames">Displayed frames of the target, at least 1.</param>
    /// <param name="slots">Slots alive; 0 counts as 1.</param>
    /// <param name="secondsPerFrame">What a frame takes a slot; null: not known yet.</param>
    /// <returns>Frames per chunk, at least 1.</returns>
    public static int Choose(int frames, int slots, double? secondsPerFrame = null)
    {
        int rows = Math.Max(1, slots);
        int longest = secondsPerFrame is { } seconds
            ? (int)Math.Clamp(MostSeconds / seconds, ChunkPlanner.LongestChunkFrames, MostFrames)
            : ChunkPlanner.LongestChunkFrames;
        int rounds = (frames + (rows * longest) - 1) / (rows * longest);
        int chunks = rows * rounds;
        return Math.Max(Shortest, (frames + chunks - 1) / chunks);
    }
}
