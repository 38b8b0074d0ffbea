using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Faces.Fusing;

/// <summary>Eight neighbouring pixels at a time; the lanes do what the specification does to one.</summary>
internal static partial class Binomial
{
    internal static void DownVector(
        ReadOnlySpan<float> above,
        ReadOnlySpan<float> here,
        ReadOnlySpan<float> below,
        Span<float> to
    )
    {
        Vector256<float> half = Vector256.Create(0.5f);
        Vector256<float> quarter = Vector256.Create(0.25f);
        for (int x = 0; x < to.Length; x += Lanes.Count)
        {
            Vector256<float> sides = Lanes.Load(above, x) + Lanes.Load(below, x);
            Lanes.Store((half * Lanes.Load(here, x)) + (quarter * sides), to, x);
        }
    }

    internal static void AcrossVector(ReadOnlySpan<float> row, int step, Span<float> to)
    {
        Vector256<float> half = Vector256.Create(0.5f);
        Vector256<float> quarter = Vector256.Create(0.25f);
        for (int x = 0; x < to.Length; x += Lanes.Count)
        {
            Vector256<float> sides = Lanes.Load(row, x + 2 - step) + Lanes.Load(row, x + 2 + step);
            Lanes.Store((half * Lanes.Load(row, x + 2)) + (quarter * sides), to, x);
        }
    }
}
