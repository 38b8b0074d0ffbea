namespace FaceFusion.Batch.Media.Planning;

/// <summary>How long chunks are when nobody says: every slot gets the same number of chunks, none shorter than pays.</summary>
public static class ChunkLength
{
    /// <summary>Below this a chunk's margins and start-up cost more than another slot gains.</summary>
    public const int Shortest = 48;

    /// <param name="frames">Displayed frames of the target, at least 1.</param>
    /// <param name="slots">Slots alive; 0 counts as 1.</param>
    /// <returns>Frames per chunk, at least 1.</returns>
    public static int Choose(int frames, int slots)
    {
        int rows = Math.Max(1, slots);
        int rounds = (frames + (rows * ChunkPlanner.LongestChunkFrames) - 1) / (rows * ChunkPlanner.LongestChunkFrames);
        int chunks = rows * rounds;
        return Math.Max(Shortest, (frames + chunks - 1) / chunks);
    }
}
