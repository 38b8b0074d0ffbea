using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>The vector path once more for sixteen samples, where the machine has AVX-512; what is left of a row goes on in eights.</summary>
public static unsafe partial class PasteBack
{
    private const int Wide = 16;

    /// <summary>Whether the machine takes sixteen at a time.</summary>
    private static bool HasWide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512BW.IsSupported && Vector512.IsHardwareAccelerated;
    }

    /// <returns>The first column that is not done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int BlendLumaWide<T, TKind>(T* line, float* patch, float* mask, in BlendPlan plan)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        Vector512<float> black = Vector512.Create(plan.Range.LumaBlack);
        float units = plan.LumaUnits;
        int x = plan.Inside.X;
        for (; x <= plan.Inside.Right - Wide; x += Wide)
        {
            Vector512<float> weight = WeightWide(Vector512.Load(mask + x), plan.Strength);
            Vector512<float> written = Vector512.GreaterThan(weight, Vector512<float>.Zero);
            if (written == Vector512<float>.Zero)
            {
                continue;
            }

            Vector512<float> old = TKind.LoadWide(line + x);
            Vector512<float> wanted = (Vector512.Load(patch + x) * units) + black;
            Vector512<float> mixed = old + (weight * (wanted - old));
            TKind.StoreWide(RoundWide(Vector512.ConditionalSelect(written, mixed, old), plan.Range.Peak), line + x);
        }

        return x;
    }

    /// <summary>As <see cref="SumColumns"/>, as far as sixteens go.</summary>
    /// <returns>The first column that is not done.</returns>
    private static int SumColumnsWide(in BlendPlan plan, in ChromaRows rows, float* lines, int length, ref bool any)
    {
        Vector512<float> all = Vector512<float>.Zero;
        int x = plan.Inside.X;
        for (; x <= plan.Inside.Right - Wide; x += Wide)
        {
            Vector512<float> covered = Vector512<float>.Zero,
                sum = covered,
                cb = covered,
                cr = covered;
            Sum(plan, rows.First, x, ref covered, ref sum, ref cb, ref cr);
            if (rows.Count > 1)
            {
                Sum(plan, rows.Second, x, ref covered, ref sum, ref cb, ref cr);
            }

            if (rows.Count > 2)
            {
                Sum(plan, rows.Third, x, ref covered, ref sum, ref cb, ref cr);
            }

            all |= sum;
            float* line = lines + x;
            sum.Store(line);
            cb.Store(line + length);
            cr.Store(line + (2 * length));
            covered.Store(line + (3 * length));
        }

        any |= all != Vector512<float>.Zero;
        return x;
    }

    /// <summary>What one luma row gives to the chroma samples below and above it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(
        in BlendPlan plan,
        in ChromaRow row,
        int x,
        ref Vector512<float> covered,
        ref Vector512<float> sum,
        ref Vector512<float> cb,
        ref Vector512<float> cr
    )
    {
        nint at = row.Start + x;
        Vector512<float> weight = WeightWide(Vector512.Load(plan.Mask + at), plan.Strength);
        Vector512<float> written = Vector512.GreaterThan(weight, Vector512<float>.Zero);
        covered += weight * row.Cover;
        weight *= row.Share;
        sum += weight;
        cb += (weight * Vector512.Load(plan.Cb + at)) & written;
        cr += (weight * Vector512.Load(plan.Cr + at)) & written;
    }

    /// <summary>As <see cref="MixEight"/>, sixteen chroma samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixSixteen<T, TKind>(in BlendPlan plan, float* lines, int length, T* lineU, T* lineV)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        float* covering = lines + (3 * length) + 1;
        Vector512<float> covered =
            plan.Across.Step == 1 ? Vector512.Load(covering) : Even(covering) + Even(covering + 1);
        Vector512<float> written = Vector512.GreaterThan(covered, Vector512<float>.Zero);
        if (written == Vector512<float>.Zero)
        {
            return;
        }

        Vector512<float> weight = AcrossWide(plan.Across, lines);
        Vector512<float> zero = weight * plan.Range.ChromaZero;
        float units = plan.ChromaUnits;
        Vector512<float> oldU = TKind.LoadWide(lineU);
        Vector512<float> oldV = TKind.LoadWide(lineV);
        Vector512<float> newU = oldU + (((AcrossWide(plan.Across, lines + length) * units) + zero) - (weight * oldU));
        Vector512<float> newV =
            oldV + (((AcrossWide(plan.Across, lines + (2 * length)) * units) + zero) - (weight * oldV));
        TKind.StoreWide(RoundWide(Vector512.ConditionalSelect(written, newU, oldU), plan.Range.Peak), lineU);
        TKind.StoreWide(RoundWide(Vector512.ConditionalSelect(written, newV, oldV), plan.Range.Peak), lineV);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> AcrossWide(in ChromaTaps taps, float* line) =>
        taps.Step == 1
            ? Vector512.Load(line + 1)
            : ((Even(line) * taps.Before) + (Even(line + 1) * taps.At)) + (Even(line + 2) * taps.After);

    /// <summary>Every other of 32 floats, from the first on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Even(float* from) =>
        Avx512F.PermuteVar16x32x2(
            Vector512.Load(from),
            Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
            Vector512.Load(from + Wide)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> WeightWide(Vector512<float> mask, float strength)
    {
        Vector512<float> weight = mask * strength;
        return Vector512.MinNative(weight, Vector512<float>.One) & Vector512.GreaterThan(weight, Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> RoundWide(Vector512<float> value, int peak) =>
        Vector512.ConvertToInt32Native(
            Vector512.MinNative(Vector512.MaxNative(value, Vector512<float>.Zero), Vector512.Create((float)peak))
                + Vector512.Create(0.5f)
        );
}
