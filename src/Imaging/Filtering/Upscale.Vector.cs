using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>Eight outputs in the lanes. With a factor of 2 or more they lie within six inputs, which one load brings.</summary>
public static partial class Upscale
{
    /// <summary>Does the values that fill whole vectors and returns how many those are.</summary>
    internal static int MixRowsVector(ReadOnlySpan<float> above, ReadOnlySpan<float> below, float fy, Span<float> line)
    {
        int x = 0;
        for (; x <= above.Length - Lanes.Count; x += Lanes.Count)
        {
            Vector256<float> a = Vector256.Create(above[x..]);
            (a + (fy * (Vector256.Create(below[x..]) - a))).CopyTo(line[x..]);
        }

        return x;
    }

    /// <summary>Does the columns that fill whole vectors and returns how many those are. The line has a vector of room at its end.</summary>
    internal static int SpreadVector(ReadOnlySpan<float> line, int count, int factor, Span<float> into)
    {
        Columns general = new(factor, count);
        int x = 0;
        if (into.Length >= 3 * Lanes.Count)
        {
            // Away from the edges every eight outputs lie alike between their inputs: halves, quarters and eighths are exact.
            general.Spread(line, 0, into);
            (Vector256<float> share, Vector256<int> order, int first) = general.Find(Lanes.Count);
            Vector256<int> next = order + Vector256<int>.One;
            int reach = order[Lanes.Count - 1] + 1;
            for (
                x = Lanes.Count;
                x <= into.Length - Lanes.Count && first + reach < count;
                x += Lanes.Count, first += Lanes.Count / factor
            )
            {
                Vector256<float> inputs = Vector256.Create(line[first..]);
                Vector256<float> a = Vector256.ShuffleNative(inputs, order);
                Vector256<float> b = Vector256.ShuffleNative(inputs, next);
                (a + (share * (b - a))).CopyTo(into[x..]);
            }
        }

        for (; x <= into.Length - Lanes.Count; x += Lanes.Count)
        {
            general.Spread(line, x, into);
        }

        return x;
    }

    /// <summary>Eight outputs anywhere, the line's ends among them.</summary>
    private readonly struct Columns(int factor, int count)
    {
        private readonly float _share = 1f / factor;
        private readonly int _last = count - 1;

        /// <summary>How far each of eight outputs lies between its inputs, which those are, and from where they are counted.</summary>
        public (Vector256<float> Share, Vector256<int> Order, int First) Find(int x)
        {
            Vector256<float> half = Vector256.Create(0.5f);
            Vector256<float> column = Lanes.Index + Vector256.Create((float)x);
            Vector256<float> at = ((column + half) * _share) - half;
            at = Lanes.Clamp(at, Vector256<float>.Zero, Vector256.Create((float)_last));
            Vector256<int> left = Vector256.ConvertToInt32Native(at);
            int first = left.ToScalar();
            return (at - Vector256.ConvertToSingle(left), left - Vector256.Create(first), first);
        }

        public void Spread(ReadOnlySpan<float> line, int x, Span<float> into)
        {
            (Vector256<float> share, Vector256<int> order, int first) = Find(x);
            Vector256<float> inputs = Vector256.Create(line[first..]);
            Vector256<int> next = Vector256.Min(order + Vector256<int>.One, Vector256.Create(_last - first));
            Vector256<float> a = Vector256.ShuffleNative(inputs, order);
            Vector256<float> b = Vector256.ShuffleNative(inputs, next);
            (a + (share * (b - a))).CopyTo(into[x..]);
        }
    }
}
