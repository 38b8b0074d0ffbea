using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>
/// The places of eight neighbouring pixels in the lanes; then, pixel by pixel, red, green, blue and mask of the crop in four lanes, so that
/// a bilinear read is four loads instead of sixteen.
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

    /// <param name="rgb">The planes, for the columns that fill no vector.</param>
    /// <param name="mask">As <paramref name="rgb"/>.</param>
    /// <param name="pixels">The same from <see cref="MixPlanes"/>.</param>
    internal static void WarpVector(in WarpPlan plan, float* rgb, float* mask, float* pixels, in WarpTarget target)
    {
        int taps = plan.Taps * plan.Taps;
        float* sums = stackalloc float[Channels * Lanes.Count];
        for (int row = 0; row < plan.Region.Height; row++)
        {
            int column = 0;
            for (; column <= plan.Region.Width - Lanes.Count; column += Lanes.Count)
            {
                new Span<float>(sums, Channels * Lanes.Count).Clear();
                bool reached = false;
                for (int tap = 0; tap < taps; tap++)
                {
                    reached |= AddTap(plan, pixels, row, column, tap, sums);
                }

                Share(sums, reached, taps, target, (row * plan.Region.Width) + column);
            }

            WarpColumns(plan, rgb, mask, target, row, column);
        }
    }

    /// <summary>Adds one tap of eight pixels to <paramref name="sums"/>: R, G, B times weight, and the weight, of each.</summary>
    /// <returns>False: none of them lies within the crop.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AddTap(in WarpPlan plan, float* pixels, int row, int column, int tap, float* sums)
    {
        (float dx, float dy) = plan.Offset(tap);
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
        within.Store(places.Within);
        below.Store(places.Below);
        for (int i = 0; i < Lanes.Count; i++)
        {
            if ((hit & (1u << i)) != 0)
            {
                AddPixel(pixels, places, i, sums + (Channels * i));
            }
        }

        return true;
    }

    /// <summary>1 inside, less over the one pixel beyond, and no number where the place is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fade(Vector256<float> place, Vector256<float> last) =>
        Vector256.Min(Vector256.Min(place, last - place), Vector256<float>.Zero) + Vector256<float>.One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPixel(float* pixels, in Places places, int i, float* sum)
    {
        float* at = pixels + places.At[i];
        Vector128<float> a = Vector128.Load(at);
        Vector128<float> b = Vector128.Load(at + places.Right[i]);
        Vector128<float> c = Vector128.Load(at + places.Under[i]);
        Vector128<float> d = Vector128.Load(at + places.Under[i] + places.Right[i]);
        Vector128<float> fx = Vector128.Create(places.X[i]);
        Vector128<float> above = a + (fx * (b - a));
        Vector128<float> below = c + (fx * (d - c));
        Vector128<float> mixed = above + (Vector128.Create(places.Y[i]) * (below - above));
        Vector128<float> weight =
            (Vector128.Shuffle(mixed, Vector128.Create(3, 3, 3, 3)) * Vector128.Create(places.Within[i]))
            * Vector128.Create(places.Below[i]);
        // The weight itself is summed up in the lane of the mask. A lane without weight adds nothing, whatever its colours are.
        Vector128<float> share = weight * mixed.WithElement(3, 1);
        Vector128<float> counted = Vector128.GreaterThan(weight, Vector128<float>.Zero) & share;
        (Vector128.Load(sum) + counted).Store(sum);
    }

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

        /// <summary>What is left of the mask beyond the crop's edge, 0 to 1.</summary>
        public fixed float Within[Lanes.Count];
        public fixed float Below[Lanes.Count];
    }
}
