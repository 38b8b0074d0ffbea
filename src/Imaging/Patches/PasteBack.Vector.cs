using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>Eight neighbouring samples in the lanes. A lane without weight stores the sample it loaded.</summary>
public static unsafe partial class PasteBack
{
    internal static void BlendLumaVector<T, TKind>(T* plane, in BlendPlan plan)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        Vector256<float> black = Vector256.Create(plan.Range.LumaBlack);
        float units = plan.LumaUnits;
        for (int row = plan.Kept.Y; row < plan.Kept.Bottom; row++)
        {
            T* line = plane + ((nint)row * plan.Format.Width);
            float* patch = plan.Y + plan.RowStart(row);
            float* mask = plan.Mask + plan.RowStart(row);
            int x = HasWide ? BlendLumaWide<T, TKind>(line, patch, mask, plan) : plan.Inside.X;
            for (; x <= plan.Inside.Right - Lanes.Count; x += Lanes.Count)
            {
                Vector256<float> weight = Weight(Vector256.Load(mask + x), plan.Strength);
                Vector256<float> written = Vector256.GreaterThan(weight, Vector256<float>.Zero);
                if (written == Vector256<float>.Zero)
                {
                    continue;
                }

                Vector256<float> old = TKind.Load(line + x);
                Vector256<float> wanted = (Vector256.Load(patch + x) * units) + black;
                Vector256<float> mixed = old + (weight * (wanted - old));
                TKind.Store(Round(Vector256.ConditionalSelect(written, mixed, old), plan.Range.Peak), line + x);
            }

            BlendLumaColumns<T, TKind>(plane, plan, row, x);
        }
    }

    internal static void BlendChromaVector<T, TKind>(T* planeU, T* planeV, in BlendPlan plan)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        // Four lines at luma resolution (weights, weighted cb and cr, covering weights), each from the luma column before the first
        // chroma sample on, zero outside the region.
        int step = plan.Across.Step;
        int first = plan.Inside.X / step;
        int count = ((plan.Inside.Right - 1) / step) + 1 - first;
        int origin = (first * step) - 1;
        int length = (count * step) + 2 + (2 * Wide);
        Span<float> scratch = RowScratch.Rent(4 * length);
        scratch.Clear();
        fixed (float* lines = scratch)
        {
            int lastRow = (plan.Kept.Bottom - 1) / plan.Down.Step;
            for (int row = plan.Kept.Y / plan.Down.Step; row <= lastRow; row++)
            {
                if (!SumColumns(plan, row, origin, lines, length))
                {
                    continue;
                }

                T* lineU = planeU + ((nint)row * plan.Format.ChromaWidth) + first;
                T* lineV = planeV + ((nint)row * plan.Format.ChromaWidth) + first;
                int x = 0;
                for (; HasWide && x <= count - Wide; x += Wide)
                {
                    MixSixteen<T, TKind>(plan, lines + (x * step), length, lineU + x, lineV + x);
                }

                for (; x <= count - Lanes.Count; x += Lanes.Count)
                {
                    MixEight<T, TKind>(plan, lines + (x * step), length, lineU + x, lineV + x);
                }

                for (; x < count; x++)
                {
                    BlendChroma<T, TKind>(planeU, planeV, plan, row, first + x);
                }
            }
        }
    }

    /// <summary>Fills the four lines of one chroma row between the region's sides; false where nothing has weight.</summary>
    private static bool SumColumns(in BlendPlan plan, int row, int origin, float* lines, int length)
    {
        ChromaRows rows = new(plan, row);
        bool hasWeight = false;
        int x = HasWide ? SumColumnsWide(plan, rows, lines - origin, length, ref hasWeight) : plan.Inside.X;
        Vector256<float> any = Vector256<float>.Zero;
        for (; x <= plan.Inside.Right - Lanes.Count; x += Lanes.Count)
        {
            Vector256<float> covered = Vector256<float>.Zero,
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

            any |= sum;
            float* line = lines + (x - origin);
            sum.Store(line);
            cb.Store(line + length);
            cr.Store(line + (2 * length));
            covered.Store(line + (3 * length));
        }

        // One by one to the end of the row; what is left of the lines stays zero.
        float tail = 0;
        for (; x < plan.Inside.Right; x++)
        {
            ChromaColumn column = Column(plan, row, x);
            float* line = lines + (x - origin);
            line[0] = column.Weight;
            line[length] = column.Cb;
            line[2 * length] = column.Cr;
            line[3 * length] = column.Covered;
            tail += column.Weight;
        }

        RepeatFrameEdge(plan, origin, lines, length);
        return hasWeight || tail > 0 || any != Vector256<float>.Zero;
    }

    /// <summary>What one luma row gives to the chroma samples below and above it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum(
        in BlendPlan plan,
        in ChromaRow row,
        int x,
        ref Vector256<float> covered,
        ref Vector256<float> sum,
        ref Vector256<float> cb,
        ref Vector256<float> cr
    )
    {
        nint at = row.Start + x;
        Vector256<float> weight = Weight(Vector256.Load(plan.Mask + at), plan.Strength);
        Vector256<float> written = Vector256.GreaterThan(weight, Vector256<float>.Zero);
        covered += weight * row.Cover;
        weight *= row.Share;
        sum += weight;
        cb += (weight * Vector256.Load(plan.Cb + at)) & written;
        cr += (weight * Vector256.Load(plan.Cr + at)) & written;
    }

    /// <summary>Beyond the frame's edge the lines hold what its outermost column gives.</summary>
    private static void RepeatFrameEdge(in BlendPlan plan, int origin, float* lines, int length)
    {
        int last = plan.Format.Width - 1;
        for (int line = 0; line < 3; line++, lines += length)
        {
            if (plan.Inside.X == 0)
            {
                lines[-1 - origin] = lines[-origin];
            }

            if (plan.Inside.Right > last)
            {
                lines[last + 1 - origin] = lines[last - origin];
            }
        }
    }

    /// <summary>Eight chroma samples of a row from the four lines, which start one luma column before the first of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixEight<T, TKind>(in BlendPlan plan, float* lines, int length, T* lineU, T* lineV)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        float* covering = lines + (3 * length);
        Vector256<float> covered;
        if (plan.Across.Step == 1)
        {
            covered = Vector256.Load(covering + 1);
        }
        else
        {
            (Vector256<float> at, Vector256<float> after) = Lanes.Unzip(covering + 1);
            covered = at + after;
        }

        Vector256<float> written = Vector256.GreaterThan(covered, Vector256<float>.Zero);
        if (written == Vector256<float>.Zero)
        {
            return;
        }

        Vector256<float> weight = Across(plan.Across, lines);
        Vector256<float> zero = weight * plan.Range.ChromaZero;
        float units = plan.ChromaUnits;
        Vector256<float> oldU = TKind.Load(lineU);
        Vector256<float> oldV = TKind.Load(lineV);
        Vector256<float> newU = oldU + (((Across(plan.Across, lines + length) * units) + zero) - (weight * oldU));
        Vector256<float> newV = oldV + (((Across(plan.Across, lines + (2 * length)) * units) + zero) - (weight * oldV));
        TKind.Store(Round(Vector256.ConditionalSelect(written, newU, oldU), plan.Range.Peak), lineU);
        TKind.Store(Round(Vector256.ConditionalSelect(written, newV, oldV), plan.Range.Peak), lineV);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Across(in ChromaTaps taps, float* line)
    {
        if (taps.Step == 1)
        {
            return Vector256.Load(line + 1);
        }

        (Vector256<float> before, Vector256<float> at) = Lanes.Unzip(line);
        (_, Vector256<float> after) = Lanes.Unzip(line + 1);
        return ((before * taps.Before) + (at * taps.At)) + (after * taps.After);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Weight(Vector256<float> mask, float strength)
    {
        Vector256<float> weight = mask * strength;
        return Vector256.MinNative(weight, Vector256<float>.One) & Vector256.GreaterThan(weight, Vector256<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(Vector256<float> value, int peak) =>
        Vector256.ConvertToInt32Native(
            Lanes.Clamp(value, Vector256<float>.Zero, Vector256.Create((float)peak)) + Vector256.Create(0.5f)
        );
}
