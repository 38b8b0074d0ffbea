using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>
/// The places of eight neighbouring pixels in the lanes; then, two pixels at a time (0 and 4, 1 and 5, …), Y, Cb, Cr and mask of the crop in
/// four lanes each, so that a bilinear read is four loads instead of sixteen; then the four channels of the eight pixels.
/// </summary>
public static unsafe partial class PasteBack
{
    private const int Channels = 4;

    /// <summary>Floats that <see cref="MixPlanes"/> writes.</summary>
    internal static int MixedFloats(int width, int height) => Channels * (width + 1) * (height + 1);

    /// <summary>
    /// A crop's planes as pixels of four floats: Y, Cb, Cr, mask. The last column and row are there twice, so that every pixel has
    /// its neighbours.
    /// </summary>
    internal static void MixPlanes(in CropPlanes crop, float* pixels)
    {
        for (int row = 0; row <= crop.Height; row++)
        {
            nint from = (nint)Math.Min(row, crop.Height - 1) * crop.Stride;
            float* into = pixels + ((nint)row * (crop.Width + 1) * Channels);
            int column = 0;
            for (; column <= crop.Width + 1 - Lanes.Count; column += Lanes.Count)
            {
                nint at = from + column;
                Vector256<float> a = Vector256.Load(crop.Y + at);
                Vector256<float> b = Vector256.Load(crop.Cb + at);
                Vector256<float> c = Vector256.Load(crop.Cr + at);
                Vector256<float> d = Vector256.Load(crop.Mask + at);
                Lanes.Transpose(ref a, ref b, ref c, ref d);
                StorePair(a, into + (Channels * column));
                StorePair(b, into + (Channels * (column + 1)));
                StorePair(c, into + (Channels * (column + 2)));
                StorePair(d, into + (Channels * (column + 3)));
            }

            for (; column <= crop.Width; column++)
            {
                nint at = from + column;
                Vector128.Create(crop.Y[at], crop.Cb[at], crop.Cr[at], crop.Mask[at]).Store(into + (Channels * column));
            }
        }
    }

    /// <summary>As <see cref="WarpScalar"/>.</summary>
    /// <param name="crop">The planes, for the columns that fill no vector.</param>
    /// <param name="pixels">The same from <see cref="MixPlanes"/>.</param>
    [SkipLocalsInit]
    internal static void WarpVector(in WarpPlan plan, in CropPlanes crop, float* pixels, in WarpTarget target)
    {
        for (int row = 0; row < plan.Region.Height; row++)
        {
            int column = 0;
            for (; column <= plan.Region.Width - Lanes.Count; column += Lanes.Count)
            {
                int at = (row * plan.Region.Width) + column;
                if (plan.Taps == 1)
                {
                    WarpOnes(plan, pixels, row, column, target, at);
                }
                else
                {
                    WarpMeans(plan, pixels, row, column, target, at);
                }
            }

            WarpColumns(plan, crop, target, row, column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WarpOnes(in WarpPlan plan, float* pixels, int row, int column, in WarpTarget target, int at)
    {
        EightPlaces places = new(plan, row, column, 0, 0);
        if (!places.AreReached)
        {
            Vector256<float>.Zero.Store(target.Weight + at);
            Vector256<float>.Zero.Store(target.Y + at);
            Vector256<float>.Zero.Store(target.Cb + at);
            Vector256<float>.Zero.Store(target.Cr + at);
            return;
        }

        Vector256<float> y = places.Read(pixels, 0);
        Vector256<float> cb = places.Read(pixels, 1);
        Vector256<float> cr = places.Read(pixels, 2);
        Vector256<float> weight = places.Read(pixels, 3);
        Lanes.Transpose(ref y, ref cb, ref cr, ref weight);
        weight *= places.Fade;
        Vector256<float> weighted = Vector256.GreaterThan(weight, Vector256<float>.Zero) & places.Inside;
        (weight & weighted).Store(target.Weight + at);
        (y & weighted).Store(target.Y + at);
        (cb & weighted).Store(target.Cb + at);
        (cr & weighted).Store(target.Cr + at);
    }

    private static void WarpMeans(in WarpPlan plan, float* pixels, int row, int column, in WarpTarget target, int at)
    {
        Vector256<float> y = Vector256<float>.Zero,
            cb = y,
            cr = y,
            sum = y;
        int taps = plan.Taps * plan.Taps;
        for (int tap = 0; tap < taps; tap++)
        {
            (float dx, float dy) = plan.Offset(tap);
            EightPlaces places = new(plan, row, column, dx, dy);
            if (places.AreReached)
            {
                y += Weighted(places, pixels, 0);
                cb += Weighted(places, pixels, 1);
                cr += Weighted(places, pixels, 2);
                sum += Weighted(places, pixels, 3);
            }
        }

        Lanes.Transpose(ref y, ref cb, ref cr, ref sum);
        Vector256<float> share = Vector256.GreaterThan(sum, Vector256<float>.Zero) & (Vector256<float>.One / sum);
        (sum / Vector256.Create((float)taps)).Store(target.Weight + at);
        (y * share).Store(target.Y + at);
        (cb * share).Store(target.Cb + at);
        (cr * share).Store(target.Cr + at);
    }

    /// <summary>Two pixels times their weight; the weight itself in the lanes of the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Weighted(in EightPlaces places, float* pixels, int pair)
    {
        Vector256<float> mixed = places.Read(pixels, pair);
        Vector256<float> weight = Lanes.Splat(mixed, 3) * Lanes.Splat(places.Fade, pair);
        Vector256<float> isMask = Vector256.Create(0, 0, 0, -1, 0, 0, 0, -1).AsSingle();
        Vector256<float> share = weight * Vector256.ConditionalSelect(isMask, Vector256<float>.One, mixed);

        // A pixel that is not reached, or has no weight, adds nothing, whatever its colours are.
        return Vector256.GreaterThan(weight, Vector256<float>.Zero) & share & Lanes.Splat(places.Inside, pair);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(Vector256<float> pair, float* first)
    {
        pair.GetLower().Store(first);
        pair.GetUpper().Store(first + (4 * Channels));
    }
}
