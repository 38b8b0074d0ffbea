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
        Vector256<float> half = Vector256.Create(0.5f);
        Vector256<float> last = Vector256.Create(count - 1f);
        float share = 1f / factor;
        int x = 0;
        for (; x <= into.Length - Lanes.Count; x += Lanes.Count)
        {
            Vector256<float> column = Lanes.Index + Vector256.Create((float)x);
            Vector256<float> at = Lanes.Clamp(((column + half) * share) - half, Vector256<float>.Zero, last);
            Vector256<int> left = Vector256.ConvertToInt32Native(at);
            int first = left.ToScalar();
            Vector256<float> inputs = Vector256.Create(line[first..]);
            Vector256<int> order = left - Vector256.Create(first);
            Vector256<int> next = Vector256.Min(left + Vector256<int>.One, Vector256.Create(count - 1));
            Vector256<float> a = Vector256.Shuffle(inputs, order);
            Vector256<float> b = Vector256.Shuffle(inputs, next - Vector256.Create(first));
            (a + ((at - Vector256.ConvertToSingle(left)) * (b - a))).CopyTo(into[x..]);
        }

        return x;
    }
}
