using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>Sixteen neighbouring pixels of an enlarged crop, where the machine has AVX-512.</summary>
public static unsafe partial class PasteBack
{
    private const int PlacesAtATime = 3;

    /// <summary>
    /// Crop columns, and rows, from a frame pixel to the next, up to which eight pixels begin in seven columns, and in two or three rows:
    /// a little less than six, one and two sevenths, against rounding.
    /// </summary>
    private const float WidestStep = 0.84f;
    private const float LevelStep = 0.14f;
    private const float SteepStep = 0.28f;

    /// <summary>Whether <see cref="WarpWide"/> can do a crop on this machine.</summary>
    internal static bool IsWide(in WarpPlan plan) =>
        Avx512F.IsSupported
        && Vector512.IsHardwareAccelerated
        && plan.Taps == 1
        && MathF.Abs(plan.FrameToCrop.A) <= WidestStep
        && MathF.Abs(plan.FrameToCrop.D) <= SteepStep
        && plan.Region.Width >= SixteenPlaces.Count;

    /// <summary>As <see cref="WarpScalar"/>.</summary>
    internal static void WarpWide(in WarpPlan plan, in CropPlanes crop, in WarpTarget target)
    {
        if (MathF.Abs(plan.FrameToCrop.D) > LevelStep)
        {
            WarpWide<SixteenPlaces.Steep>(plan, crop, target);
        }
        else
        {
            WarpWide<SixteenPlaces.Level>(plan, crop, target);
        }
    }

    [SkipLocalsInit]
    private static void WarpWide<TTilt>(in WarpPlan plan, in CropPlanes crop, in WarpTarget target)
        where TTilt : struct, SixteenPlaces.ITilt
    {
        SixteenPlaces* places = stackalloc SixteenPlaces[PlacesAtATime];
        for (int row = 0; row < plan.Region.Height; row++)
        {
            int at = row * plan.Region.Width;
            for (int column = 0; column < plan.Region.Width; column += PlacesAtATime * SixteenPlaces.Count)
            {
                int count = Math.Min(
                    (plan.Region.Width - column + SixteenPlaces.Count - 1) / SixteenPlaces.Count,
                    PlacesAtATime
                );
                for (int i = 0; i < count; i++)
                {
                    places[i].Set(plan, crop.Stride, row, ColumnOf(plan, column, i));
                }

                for (int i = 0; i < count; i++)
                {
                    WarpSixteen<TTilt>(places[i], crop, target, at + ColumnOf(plan, column, i));
                }
            }
        }
    }

    /// <summary>The last sixteen of a row begin before the end of those before them; what both hold comes out the same.</summary>
    private static int ColumnOf(in WarpPlan plan, int column, int i) =>
        Math.Min(column + (i * SixteenPlaces.Count), plan.Region.Width - SixteenPlaces.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WarpSixteen<TTilt>(in SixteenPlaces places, in CropPlanes crop, in WarpTarget target, int at)
        where TTilt : struct, SixteenPlaces.ITilt
    {
        Vector512<float> weight = places.Read<TTilt>(crop.Mask, crop.Stride) * places.Fade;
        Vector512<float> weighted = Vector512.GreaterThan(weight, Vector512<float>.Zero);
        (weight & weighted).Store(target.Weight + at);
        if (weighted == Vector512<float>.Zero)
        {
            Vector512<float>.Zero.Store(target.Y + at);
            Vector512<float>.Zero.Store(target.Cb + at);
            Vector512<float>.Zero.Store(target.Cr + at);
            return;
        }

        (places.Read<TTilt>(crop.Y, crop.Stride) & weighted).Store(target.Y + at);
        (places.Read<TTilt>(crop.Cb, crop.Stride) & weighted).Store(target.Cb + at);
        (places.Read<TTilt>(crop.Cr, crop.Stride) & weighted).Store(target.Cr + at);
    }
}
