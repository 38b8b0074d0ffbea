namespace FaceFusion.Batch.Media.Planning;

/// <summary>How long chunks are when nobody says: every slot gets the same number of chunks, none shorter than pays.</summary>
public static class ChunkLength
{
    /// <summary>
    /// No chunk is shorter, however slow its frames: its margins (some forty frames) would cost more than another slot gains.
    /// </summary>
    public const int Fewest = 48;

    /// <summary>A slot fills its machine by itself, so frames are not spread thinner than this, unless they are slow.</summary>
    public const int Short = 240;

    /// <summary>Slow frames are spread over more slots, until a chunk takes so long.</summary>
    public const double FewestSeconds = 20;

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
        int longest = secondsPerFrame is { } known
            ? (int)Math.Clamp(MostSeconds / known, ChunkPlanner.LongestChunkFrames, MostFrames)
            : ChunkPlanner.LongestChunkFrames;
        int shortest = secondsPerFrame is { } taken ? (int)Math.Clamp(FewestSeconds / taken, Fewest, Short) : Short;
        int rounds = (frames + (rows * longest) - 1) / (rows * longest);
        int chunks = Math.Clamp(rows * rounds, 1, Math.Max(1, frames / shortest));
        return (frames + chunks - 1) / chunks;
    }
}
