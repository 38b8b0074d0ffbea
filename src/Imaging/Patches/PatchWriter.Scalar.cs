using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>The specification, sample by sample.</summary>
public static unsafe partial class PatchWriter
{
    /// <summary>Nearest sample; not a number gives 0.</summary>
    private static int Round(float value, int peak) => (int)(Math.Clamp(value, 0, peak) + 0.5f);

    internal static void WriteLumaScalar<T, TKind>(T* plane, in WritePlan plan, float* patch)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        for (int row = plan.Kept.Y; row < plan.Kept.Bottom; row++)
        {
            WriteLumaColumns<T, TKind>(plane, plan, patch, row, plan.Kept.X);
        }
    }

    /// <summary>The rest of a row from <paramref name="column"/> on.</summary>
    private static void WriteLumaColumns<T, TKind>(T* plane, in WritePlan plan, float* patch, int row, int column)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        T* line = plane + ((nint)row * plan.Format.Width);
        float* from = patch + plan.RowStart(row);
        float units = plan.LumaUnits;
        for (; column < plan.Kept.Right; column++)
        {
            line[column] = TKind.FromInt(Round((from[column] * units) + plan.Range.LumaBlack, plan.Range.Peak));
        }
    }

    internal static void WriteChromaScalar<T, TKind>(T* plane, in WritePlan plan, float* patch)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        PixelRect chroma = plan.Chroma;
        for (int row = chroma.Y; row < chroma.Bottom; row++)
        {
            T* line = plane + ((nint)row * plan.Format.ChromaWidth);
            for (int column = chroma.X; column < chroma.Right; column++)
            {
                int x = column * plan.Across.Step;
                float before = MixDown(plan, patch, row, plan.Column(x - 1));
                float at = MixDown(plan, patch, row, x);
                float after = MixDown(plan, patch, row, plan.Column(x + 1));
                float mean = ((before * plan.Across.Before) + (at * plan.Across.At)) + (after * plan.Across.After);
                line[column] = TKind.FromInt(RoundChroma(mean, plan));
            }
        }
    }

    private static int RoundChroma(float mean, in WritePlan plan) =>
        Round((mean * plan.ChromaUnits) + plan.Range.ChromaZero, plan.Range.Peak);

    /// <summary>The luma rows around a chroma row's siting, in one column of the patch.</summary>
    private static float MixDown(in WritePlan plan, float* patch, int chromaRow, int column)
    {
        int row = chromaRow * plan.Down.Step;
        float before = patch[plan.RowStart(row - 1) + column];
        float at = patch[plan.RowStart(row) + column];
        float after = patch[plan.RowStart(row + 1) + column];
        return ((before * plan.Down.Before) + (at * plan.Down.At)) + (after * plan.Down.After);
    }
}
