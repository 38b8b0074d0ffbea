using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>Sixteen words at a time; whole vectors only, and each returns how many words are done: the specification finishes the row.</summary>
internal static unsafe partial class Summing
{
    internal static int CopyVector<T, TKind>(T* from, int width, ushort* into)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int x = 0;
        for (; x <= width - Vector256<ushort>.Count; x += Vector256<ushort>.Count)
        {
            TKind.LoadWords(from + x).Store(into + x);
        }

        return x;
    }

    internal static int HalveVector<T, TKind>(T* upper, T* lower, int width, ushort* into)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int x = 0;
        for (; x <= (width / 2) - Vector256<ushort>.Count; x += Vector256<ushort>.Count)
        {
            (TKind.LoadSums(upper + (2 * x)) + TKind.LoadSums(lower + (2 * x))).Store(into + x);
        }

        return x;
    }

    internal static int PairVector<T, TKind>(T* upper, T* lower, int width, ushort* into)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        // One sample more than a vector is read.
        int x = 0;
        for (; x < width - Vector256<ushort>.Count; x += Vector256<ushort>.Count)
        {
            Vector256<ushort> above = TKind.LoadWords(upper + x) + TKind.LoadWords(upper + x + 1);
            Vector256<ushort> below = TKind.LoadWords(lower + x) + TKind.LoadWords(lower + x + 1);
            (above + below).Store(into + x);
        }

        return x;
    }
}
