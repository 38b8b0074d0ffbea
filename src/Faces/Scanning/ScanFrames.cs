namespace FaceFusion.Batch.Faces.Scanning;

/// <summary>Which frames the scan looks at.</summary>
public static class ScanFrames
{
    /// <summary>Most frames that a scan looks at.</summary>
    public const int Most = 200;

    /// <summary>Below so many, frames between the key frames are looked at too, where the video has them.</summary>
    public const int Fewest = 24;

    /// <summary>
    /// Key frames, thinned evenly to <see cref="Most"/>; a video with few of them is filled up with evenly spread frames, because one
    /// long group of pictures can hold many people. Ascending, without repeats.
    /// </summary>
    public static IReadOnlyList<int> Choose(IReadOnlyList<int> keyFrames, int frameCount)
    {
        var chosen = new SortedSet<int>();
        if (keyFrames.Count <= Most)
        {
            chosen.UnionWith(keyFrames.Where(frame => frame >= 0 && frame < frameCount));
        }
        else
        {
            for (int i = 0; i < Most; i++)
            {
                chosen.Add(keyFrames[(int)((long)i * (keyFrames.Count - 1) / (Most - 1))]);
            }
        }

        if (chosen.Count < Fewest)
        {
            int spread = Math.Min(Fewest, frameCount);
            for (int i = 0; i < spread; i++)
            {
                chosen.Add((int)(((2L * i) + 1) * frameCount / (2L * spread)));
            }
        }

        return [.. chosen];
    }
}
