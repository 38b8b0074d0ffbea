using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>The specification, sample by sample.</summary>
public static unsafe partial class PasteBack
{
    /// <summary>Weight of one patch pixel: 0..1, and 0 for what is not a number.</summary>
    private static float Weight(float mask, float strength)
    {
        float weight = mask * strength;
        return weight > 0 ? Math.Min(weight, 1) : 0;
    }

    /// <summary>Nearest sample; not a number gives 0.</summary>
    private static int Round(float value, int peak) => (int)(Math.Clamp(value, 0, peak) + 0.5f);

    internal static void BlendLumaScalar<T, TKind>(T* plane, in BlendPlan plan)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        for (int row = plan.Kept.Y; row < plan.Kept.Bottom; row++)
        {
            BlendLumaColumns<T, TKind>(plane, plan, row, plan.Inside.X);
        }
    }

    /// <summary>The rest of a row from <paramref name="column"/> on.</summary>
    private static void BlendLumaColumns<T, TKind>(T* plane, in BlendPlan plan, int row, int column)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        T* line = plane + ((nint)row * plan.Format.Width);
        float* patch = plan.Y + plan.RowStart(row);
        float* mask = plan.Mask + plan.RowStart(row);
        float units = plan.LumaUnits;
        for (; column < plan.Inside.Right; column++)
        {
            float weight = Weight(mask[column], plan.Strength);
            if (weight > 0)
            {
                float old = TKind.ToFloat(line[column]);
                float wanted = (patch[column] * units) + plan.Range.LumaBlack;
                line[column] = TKind.FromInt(Round(old + (weight * (wanted - old)), plan.Range.Peak));
            }
        }
    }

    internal static void BlendChromaScalar<T, TKind>(T* planeU, T* planeV, in BlendPlan plan)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int firstColumn = plan.Inside.X / plan.Across.Step;
        int lastColumn = (plan.Inside.Right - 1) / plan.Across.Step;
        int lastRow = (plan.Kept.Bottom - 1) / plan.Down.Step;
        for (int row = plan.Kept.Y / plan.Down.Step; row <= lastRow; row++)
        {
            for (int column = firstColumn; column <= lastColumn; column++)
            {
                BlendChroma<T, TKind>(planeU, planeV, plan, row, column);
            }
        }
    }

    /// <summary>One chroma sample: down the luma columns around its siting first, then across them.</summary>
    private static void BlendChroma<T, TKind>(T* planeU, T* planeV, in BlendPlan plan, int row, int column)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        // Taps beyond the frame's edge repeat it, so that weights still sum to 1 there.
        int x = column * plan.Across.Step;
        ChromaColumn before = Column(plan, row, Math.Max(x - 1, 0));
        ChromaColumn at = Column(plan, row, x);
        ChromaColumn after = Column(plan, row, Math.Min(x + 1, plan.Format.Width - 1));
        float covered = plan.Across.Step == 1 ? at.Covered : at.Covered + after.Covered;
        if (!(covered > 0))
        {
            return;
        }

        (float w0, float w1, float w2) = (plan.Across.Before, plan.Across.At, plan.Across.After);
        float weight = ((before.Weight * w0) + (at.Weight * w1)) + (after.Weight * w2);
        float cb = ((before.Cb * w0) + (at.Cb * w1)) + (after.Cb * w2);
        float cr = ((before.Cr * w0) + (at.Cr * w1)) + (after.Cr * w2);
        nint to = ((nint)row * plan.Format.ChromaWidth) + column;
        planeU[to] = TKind.FromInt(MixChroma(TKind.ToFloat(planeU[to]), weight, cb, plan));
        planeV[to] = TKind.FromInt(MixChroma(TKind.ToFloat(planeV[to]), weight, cr, plan));
    }

    /// <summary><c>old + weight · (wanted − old)</c>, with weight · wanted given as a weighted sum of the patch.</summary>
    private static int MixChroma(float old, float weight, float sum, in BlendPlan plan) =>
        Round(old + (((sum * plan.ChromaUnits) + (weight * plan.Range.ChromaZero)) - (weight * old)), plan.Range.Peak);

    /// <summary>What one luma column gives to the chroma samples of a row; nothing outside the region.</summary>
    private static ChromaColumn Column(in BlendPlan plan, int chromaRow, int x)
    {
        ChromaColumn column = default;
        if (x < plan.Inside.X || x >= plan.Inside.Right)
        {
            return column;
        }

        for (int j = -1; j <= 1; j++)
        {
            int y = Math.Clamp((chromaRow * plan.Down.Step) + j, 0, plan.Format.Height - 1);
            float share = plan.Down.Weight(j);
            if (share == 0 || y < plan.Inside.Y || y >= plan.Inside.Bottom)
            {
                continue;
            }

            float weight = Weight(plan.Mask[plan.RowStart(y) + x], plan.Strength);
            if (weight > 0)
            {
                column.Covered += plan.Down.Covers(j) ? weight : 0;
                weight *= share;
                column.Weight += weight;
                column.Cb += weight * plan.Cb[plan.RowStart(y) + x];
                column.Cr += weight * plan.Cr[plan.RowStart(y) + x];
            }
        }

        return column;
    }

    private struct ChromaColumn
    {
        public float Covered;
        public float Weight;
        public float Cb;
        public float Cr;
    }
}
