using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Media.Planning;

/// <summary>Cuts a video into chunks.</summary>
public static class ChunkPlanner
{
    /// <summary>
    /// Longer chunks gain nothing on the CPU: by now their margins and start-up cost less than one frame in ten, and a lost chunk costs more.
    /// </summary>
    public const int LongestChunkFrames = 480;

    /// <summary>
    /// Consecutive ranges that cover all frames. All have <paramref name="chunkFrames"/> frames but the last; a remainder of less than a
    /// quarter of that is given to the chunk before it, because a tiny chunk costs a whole start-up.
    /// </summary>
    /// <param name="frames">Displayed frames of the video, at least 1.</param>
    /// <param name="chunkFrames">Wanted length, at least 1.</param>
    public static IReadOnlyList<FrameRange> Plan(int frames, int chunkFrames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkFrames, 1);
        List<FrameRange> chunks = [];
        for (int start = 0; start < frames; )
        {
            int end = Math.Min(frames, start + chunkFrames);
            if (frames - end < chunkFrames / 4)
            {
                end = frames;
            }

            chunks.Add(new FrameRange(start, end));
            start = end;
        }

        return chunks;
    }
}
