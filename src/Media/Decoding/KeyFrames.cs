using FaceFusion.Batch.Media.Probing;

namespace FaceFusion.Batch.Media.Decoding;

/// <summary>How key frames alone are decoded, as many at once as there are threads, and how they are told apart.</summary>
internal static class KeyFrames
{
    /// <summary>
    /// In front of the input. A decoder that is handed every packet to skip most gives each of its threads the next packet in turn, and
    /// the key frames come out one after the other. So MP4's demuxer drops the others before; other demuxers take no notice of it. Some
    /// versions of it then give a frame the distance between decoding and display of another one: its timestamp is wrong by some
    /// frames, where there are B-frames, and only the order is certain.
    /// </summary>
    public static readonly string[] Options = ["-discard", "nokey", "-skip_frame", "nokey"];

    /// <summary>Number of the displayed key frame that a decoded one is, by a timestamp that may be off.</summary>
    /// <returns>Null: it is not clear which one, as the timestamp is not near enough to any.</returns>
    public static int? Nearest(FrameTable table, long pts)
    {
        int[] keys = table.KeyFrames;
        int after = FirstFrom(table, pts);
        int nearest = after == keys.Length || (after > 0 && pts - At(after - 1) < At(after) - pts) ? after - 1 : after;
        if (nearest < 0)
        {
            return null;
        }

        long away = Math.Abs(pts - At(nearest));
        long before = nearest > 0 ? At(nearest) - At(nearest - 1) : long.MaxValue;
        long next = nearest + 1 < keys.Length ? At(nearest + 1) - At(nearest) : long.MaxValue;
        return away < Math.Min(before, next) / 3 || away == 0 ? keys[nearest] : null;

        long At(int key) => table.RawPts[keys[key]];
    }

    /// <summary>Place of the first key frame that is not before <paramref name="pts"/>.</summary>
    private static int FirstFrom(FrameTable table, long pts)
    {
        int low = 0;
        int high = table.KeyFrames.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = table.RawPts[table.KeyFrames[middle]] < pts ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
