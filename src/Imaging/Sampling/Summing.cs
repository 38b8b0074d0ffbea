using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>Planes of sums of 2 × 2 samples, of which the last of a row or column counts twice where one is missing.</summary>
internal static unsafe partial class Summing
{
    /// <summary>Samples or rows that so many become when they are halved.</summary>
    public static int Half(int count) => (count + 1) / 2;

    /// <summary>
    /// Prepares a part of a plane with <paramref name="stride"/> samples from a row to the next. Writes rows without padding:
    /// the words of the first halving at most, or as many as there are samples. Sums keep their lowest sixteen bits.
    /// </summary>
    public static void Apply<T, TKind>(T* from, int stride, int width, int height, PlaneSums sums, ushort* into)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        if (sums.Halvings > 0)
        {
            Halve<T, TKind>(from, stride, width, height, into);
            (width, height) = (Half(width), Half(height));

            // From here on in place: nothing is written before all that lies there has been read.
            for (int time = 1; time < sums.Halvings; time++)
            {
                Halve<ushort, WordSamples>(into, width, width, height, into);
                (width, height) = (Half(width), Half(height));
            }

            if (sums.Paired)
            {
                Pair<ushort, WordSamples>(into, width, width, height, into);
            }
        }
        else if (sums.Paired)
        {
            Pair<T, TKind>(from, stride, width, height, into);
        }
        else
        {
            Copy<T, TKind>(from, stride, width, height, into);
        }
    }

    private static void Copy<T, TKind>(T* from, int stride, int width, int height, ushort* into)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        for (int y = 0; y < height; y++, from += stride, into += width)
        {
            int done = Lanes.Fast ? CopyVector<T, TKind>(from, width, into) : 0;
            CopyScalar<T, TKind>(from, done, width, into);
        }
    }

    private static void Halve<T, TKind>(T* from, int stride, int width, int height, ushort* into)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        for (int y = 0; y < height; y += 2, into += Half(width))
        {
            T* upper = from + ((nint)y * stride);
            T* lower = y + 1 < height ? upper + stride : upper;
            int done = Lanes.Fast ? HalveVector<T, TKind>(upper, lower, width, into) : 0;
            HalveScalar<T, TKind>(upper, lower, done, width, into);
        }
    }

    private static void Pair<T, TKind>(T* from, int stride, int width, int height, ushort* into)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        for (int y = 0; y < height; y++, into += width)
        {
            T* upper = from + ((nint)y * stride);
            T* lower = y + 1 < height ? upper + stride : upper;
            int done = Lanes.Fast ? PairVector<T, TKind>(upper, lower, width, into) : 0;
            PairScalar<T, TKind>(upper, lower, done, width, into);
        }
    }
}
