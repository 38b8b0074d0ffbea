using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>
/// The places of eight neighbouring pixels in the lanes; then, two pixels at a time, red, green, blue and mask of the crop in four lanes
/// each, so that a bilinear read is four loads instead of sixteen.
/// </summary>
public static unsafe partial class PasteBack
{
    private const int Channels = 4;

    /// <summary>Three planes and the mask as pixels of four floats: R, G, B, mask.</summary>
    internal static void MixPlanes(float* rgb, float* mask, int plane, float* pixels)
    {
        for (int i = 0; i < plane; i++)
        {
            Vector128.Create(rgb[i], rgb[plane + i], rgb[(2 * plane) + i], mask[i]).Store(pixels + (Channels * i));
        }
    }

    /// <summary>As <see cref="WarpScalar"/>.</summary>
    /// <param name="rgb">The planes, for the columns that fill no vector.</param>
    /// <param name="mask">As <paramref name="rgb"/>.</param>
    /// <param name="pixels">The same from <see cref="MixPlanes"/>.</param>
    [SkipLocalsInit]
    internal static void WarpVector(in WarpPlan plan, float* rgb, float* mask, float* pixels, in WarpTarget target)
    {
        int taps = plan.Taps * plan.Taps;
        float* sums = stackalloc float[Channels * Lanes.Count];
        float* offsets = stackalloc float[2 * taps];
        for (int tap = 0; tap < taps; tap++)
        {
            (offsets[2 * tap], offsets[(2 * tap) + 1]) = plan.Offset(tap);
        }

        for (int row = 0; row < plan.Region.Height; row++)
        {
            int column = 0;
            for (; column <= plan.Region.Width - Lanes.Count; column += Lanes.Count)
            {
                new Span<float>(sums, Channels * Lanes.Count).Clear();
                bool reached = false;
                for (int tap = 0; tap < taps; tap++)
                {
                    reached |= AddTap(plan, pixels, row, column, offsets[2 * tap], offsets[(2 * tap) + 1], sums);
                }

                Share(sums, reached, taps, target, (row * plan.Region.Width) + column);
            }

            WarpColumns(plan, rgb, mask, target, row, column);
        }
    }

    /// <summary>Adds one tap of eight pixels to <paramref name="sums"/>: R, G, B times weight, and the weight, of each.</summary>
    /// <returns>False: none of them lies within the crop.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AddTap(in WarpPlan plan, float* pixels, int row, int column, float dx, float dy, float* sums)
    {
        Vector256<float> across =
            (Vector256.Create((float)(plan.Region.X + column)) + Lanes.Index) + Vector256.Create(dx);
        float down = plan.Region.Y + row + dy;
        Vector256<float> x =
            ((across * plan.FrameToCrop.A) + Vector256.Create(plan.FrameToCrop.B * down))
            + Vector256.Create(plan.FrameToCrop.C);
        Vector256<float> y =
            ((across * plan.FrameToCrop.D) + Vector256.Create(plan.FrameToCrop.E * down))
            + Vector256.Create(plan.FrameToCrop.F);
        Vector256<float> lastX = Vector256.Create((float)(plan.Width - 1));
        Vector256<float> lastY = Vector256.Create((float)(plan.Height - 1));
        Vector256<float> within = Fade(x, lastX);
        Vector256<float> below = Fade(y, lastY);
        Vector256<float> inside =
            Vector256.GreaterThan(within, Vector256<float>.Zero) & Vector256.GreaterThan(below, Vector256<float>.Zero);
        uint hit = inside.ExtractMostSignificantBits();
        if (hit == 0)
        {
            return false;
        }

        x = Lanes.Clamp(x, Vector256<float>.Zero, lastX);
        y = Lanes.Clamp(y, Vector256<float>.Zero, lastY);
        Vector256<int> left = Vector256.ConvertToInt32Native(x);
        Vector256<int> top = Vector256.ConvertToInt32Native(y);
        Vector256<int> right = Vector256.LessThan(left, Vector256.Create(plan.Width - 1)) & Vector256.Create(Channels);
        Vector256<int> under =
            Vector256.LessThan(top, Vector256.Create(plan.Height - 1)) & Vector256.Create(Channels * plan.Width);
        Places places;
        (((top * plan.Width) + left) * Channels).Store(places.At);
        right.Store(places.Right);
        under.Store(places.Under);
        (x - Vector256.ConvertToSingle(left)).Store(places.X);
        (y - Vector256.ConvertToSingle(top)).Store(places.Y);
        ((within * below) & inside).Store(places.Fade);
        for (int i = 0; i < Lanes.Count; i += 2)
        {
            AddPair(pixels, places, i, sums + (Channels * i));
        }

        return true;
    }

    /// <summary>1 inside, less over the one pixel beyond, and no number where the place is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fade(Vector256<float> place, Vector256<float> last) =>
        Vector256.Min(Vector256.Min(place, last - place), Vector256<float>.Zero) + Vector256<float>.One;

    /// <summary>One pixel in the lower four lanes, the next in the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPair(float* pixels, in Places places, int i, float* sums)
    {
        float* one = pixels + places.At[i];
        float* two = pixels + places.At[i + 1];
        float* underOne = one + places.Under[i];
        float* underTwo = two + places.Under[i + 1];
        Vector256<float> a = Pair(one, two);
        Vector256<float> b = Pair(one + places.Right[i], two + places.Right[i + 1]);
        Vector256<float> c = Pair(underOne, underTwo);
        Vector256<float> d = Pair(underOne + places.Right[i], underTwo + places.Right[i + 1]);
        Vector256<float> fx = Both(places.X[i], places.X[i + 1]);
        Vector256<float> above = a + (fx * (b - a));
        Vector256<float> below = c + (fx * (d - c));
        Vector256<float> mixed = above + (Both(places.Y[i], places.Y[i + 1]) * (below - above));
        Vector256<float> weight =
            Vector256.Shuffle(mixed, Vector256.Create(3, 3, 3, 3, 7, 7, 7, 7))
            * Both(places.Fade[i], places.Fade[i + 1]);
        // The weight itself is summed up in the lane of the mask. A pixel without weight adds nothing, whatever its colours are.
        Vector256<float> isMask = Vector256.Create(0, 0, 0, -1, 0, 0, 0, -1).AsSingle();
        Vector256<float> share = weight * Vector256.ConditionalSelect(isMask, Vector256<float>.One, mixed);
        Vector256<float> counted = Vector256.GreaterThan(weight, Vector256<float>.Zero) & share;
        (Vector256.Load(sums) + counted).Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* low, float* high) =>
        Vector256.Create(Vector128.Load(low), Vector128.Load(high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Both(float low, float high) =>
        Vector256.Create(Vector128.Create(low), Vector128.Create(high));

    /// <summary>From sums of eight pixels to their colours and weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Share(float* sums, bool reached, int taps, in WarpTarget target, int at)
    {
        if (!reached)
        {
            Vector256<float>.Zero.Store(target.Weight + at);
            Vector256<float>.Zero.Store(target.R + at);
            Vector256<float>.Zero.Store(target.G + at);
            Vector256<float>.Zero.Store(target.B + at);
            return;
        }

        // R G B W of eight pixels: every second float twice over is one channel.
        (Vector256<float> evenLow, Vector256<float> oddLow) = Lanes.Unzip(sums);
        (Vector256<float> evenHigh, Vector256<float> oddHigh) = Lanes.Unzip(sums + (2 * Lanes.Count));
        evenLow.Store(sums);
        evenHigh.Store(sums + Lanes.Count);
        (Vector256<float> r, Vector256<float> b) = Lanes.Unzip(sums);
        oddLow.Store(sums);
        oddHigh.Store(sums + Lanes.Count);
        (Vector256<float> g, Vector256<float> sum) = Lanes.Unzip(sums);
        Vector256<float> share = Vector256.GreaterThan(sum, Vector256<float>.Zero) & (Vector256<float>.One / sum);
        (sum / Vector256.Create((float)taps)).Store(target.Weight + at);
        (r * share).Store(target.R + at);
        (g * share).Store(target.G + at);
        (b * share).Store(target.B + at);
    }

    /// <summary>Where eight pixels lie in the crop.</summary>
    private struct Places
    {
        /// <summary>Floats from the crop's start to the pixel at the upper left.</summary>
        public fixed int At[Lanes.Count];

        /// <summary>Floats to its neighbours, 0 at the crop's last column and row.</summary>
        public fixed int Right[Lanes.Count];
        public fixed int Under[Lanes.Count];

        /// <summary>How far between them, 0 to 1.</summary>
        public fixed float X[Lanes.Count];
        public fixed float Y[Lanes.Count];

        /// <summary>What is left of the mask beyond the crop's edge, 0 to 1; 0 where a pixel is not reached.</summary>
        public fixed float Fade[Lanes.Count];
    }
}
