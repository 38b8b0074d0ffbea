using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>The specification, a row at a time, from the word <c>first</c> on.</summary>
internal static unsafe partial class Summing
{
    internal static void CopyScalar<T, TKind>(T* from, int first, int width, ushort* into)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        for (int x = first; x < width; x++)
        {
            into[x] = (ushort)(int)TKind.ToFloat(from[x]);
        }
    }

    internal static void HalveScalar<T, TKind>(T* upper, T* lower, int first, int width, ushort* into)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        for (int x = first; x < Half(width); x++)
        {
            into[x] = Sum<T, TKind>(upper, lower, 2 * x, width);
        }
    }

    internal static void PairScalar<T, TKind>(T* upper, T* lower, int first, int width, ushort* into)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        for (int x = first; x < width; x++)
        {
            into[x] = Sum<T, TKind>(upper, lower, x, width);
        }
    }

    /// <summary>Of a sample, its right neighbour, and the two below.</summary>
    private static ushort Sum<T, TKind>(T* upper, T* lower, int left, int width)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int right = Math.Min(left + 1, width - 1);
        float sum =
            TKind.ToFloat(upper[left])
            + TKind.ToFloat(upper[right])
            + TKind.ToFloat(lower[left])
            + TKind.ToFloat(lower[right]);
        return (ushort)(int)sum;
    }
}
