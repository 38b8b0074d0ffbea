using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>Eight neighbouring samples in the lanes.</summary>
public static unsafe partial class PatchWriter
{
    internal static void WriteLumaVector<T, TKind>(T* plane, in WritePlan plan, float* patch)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        Vector256<float> black = Vector256.Create(plan.Range.LumaBlack);
        float units = plan.LumaUnits;
        for (int row = plan.Kept.Y; row < plan.Kept.Bottom; row++)
        {
            T* line = plane + ((nint)row * plan.Format.Width);
            float* from = patch + plan.RowStart(row);
            int x = plan.Kept.X;
            for (; x <= plan.Kept.Right - Lanes.Count; x += Lanes.Count)
            {
                TKind.Store(Round((Vector256.Load(from + x) * units) + black, plan.Range.Peak), line + x);
            }

            WriteLumaColumns<T, TKind>(plane, plan, patch, row, x);
        }
    }

    /// <summary>
    /// Row by row: the patch's rows are mixed into a line at luma resolution, from the luma column before the first chroma sample to the
    /// one behind the last; then across.
    /// </summary>
    internal static void WriteChromaVector<T, TKind>(T* plane, in WritePlan plan, float* patch)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        PixelRect chroma = plan.Chroma;
        int step = plan.Across.Step;
        int origin = (chroma.X * step) - 1;
        int length = (chroma.Width * step) + 2;
        Vector256<float> zero = Vector256.Create(plan.Range.ChromaZero);
        float units = plan.ChromaUnits;

        // Room for the two whole vectors that are loaded from the last eight samples' place.
        fixed (float* luma = RowScratch.Rent(length + (2 * Lanes.Count)))
        {
            for (int row = chroma.Y; row < chroma.Bottom; row++)
            {
                MixLine(plan, patch, row, origin, length, luma);
                T* line = plane + ((nint)row * plan.Format.ChromaWidth) + chroma.X;
                int x = 0;
                for (; x <= chroma.Width - Lanes.Count; x += Lanes.Count)
                {
                    Vector256<float> mean = PasteBack.Across(plan.Across, luma + (x * step));
                    TKind.Store(Round((mean * units) + zero, plan.Range.Peak), line + x);
                }

                for (; x < chroma.Width; x++)
                {
                    float* at = luma + (x * step);
                    float mean =
                        ((at[0] * plan.Across.Before) + (at[1] * plan.Across.At)) + (at[2] * plan.Across.After);
                    line[x] = TKind.FromInt(RoundChroma(mean, plan));
                }
            }
        }
    }

    private static void MixLine(in WritePlan plan, float* patch, int chromaRow, int origin, int length, float* line)
    {
        int row = chromaRow * plan.Down.Step;
        float* before = patch + plan.RowStart(row - 1);
        float* at = patch + plan.RowStart(row);
        float* after = patch + plan.RowStart(row + 1);
        int first = Math.Max(origin, plan.Patch.X);
        int end = Math.Min(origin + length, plan.Patch.Right);
        int x = first;
        for (; x <= end - Lanes.Count; x += Lanes.Count)
        {
            Vector256<float> mixed =
                ((Vector256.Load(before + x) * plan.Down.Before) + (Vector256.Load(at + x) * plan.Down.At))
                + (Vector256.Load(after + x) * plan.Down.After);
            mixed.Store(line + (x - origin));
        }

        for (; x < end; x++)
        {
            line[x - origin] = MixDown(plan, patch, chromaRow, x);
        }

        // The patch can end one column before the line does, on each side.
        line[0] = line[first - origin];
        for (x = end - origin; x < length; x++)
        {
            line[x] = line[end - 1 - origin];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(Vector256<float> value, int peak) =>
        Vector256.ConvertToInt32Native(
            Lanes.Clamp(value, Vector256<float>.Zero, Vector256.Create((float)peak)) + Vector256.Create(0.5f)
        );
}
