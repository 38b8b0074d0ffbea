using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>Where eight neighbouring pixels of a frame's row lie in a crop of pixels of four floats.</summary>
internal readonly unsafe ref struct EightPlaces
{
    private readonly Vector256<int> _at;
    private readonly Vector256<float> _x;
    private readonly Vector256<float> _y;
    private readonly int _row;

    /// <summary>All bits where a place is within the crop or the one pixel beyond it.</summary>
    public readonly Vector256<float> Inside;

    /// <summary>What is left of the mask: 1 within the crop, less over the one pixel beyond it.</summary>
    public readonly Vector256<float> Fade;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public EightPlaces(in WarpPlan plan, int row, int column, float dx, float dy)
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
        Vector256<float> within = Left(x, lastX);
        Vector256<float> below = Left(y, lastY);
        Inside =
            Vector256.GreaterThan(within, Vector256<float>.Zero) & Vector256.GreaterThan(below, Vector256<float>.Zero);
        Fade = within * below;
        x = Lanes.Clamp(x, Vector256<float>.Zero, lastX);
        y = Lanes.Clamp(y, Vector256<float>.Zero, lastY);
        Vector256<int> left = Vector256.ConvertToInt32Native(x);
        Vector256<int> top = Vector256.ConvertToInt32Native(y);
        _row = 4 * (plan.Width + 1);
        _at = (top * _row) + (left << 2);
        _x = x - Vector256.ConvertToSingle(left);
        _y = y - Vector256.ConvertToSingle(top);
    }

    public bool AreReached
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Inside.ExtractMostSignificantBits() != 0;
    }

    /// <summary>The crop at places <paramref name="pair"/> and <paramref name="pair"/> + 4, bilinearly: four channels each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Read(float* pixels, int pair)
    {
        float* one = pixels + _at[pair];
        float* two = pixels + _at[pair + 4];
        Vector256<float> a = Both(one, two);
        Vector256<float> b = Both(one + 4, two + 4);
        Vector256<float> c = Both(one + _row, two + _row);
        Vector256<float> d = Both(one + _row + 4, two + _row + 4);
        Vector256<float> fx = Lanes.Splat(_x, pair);
        Vector256<float> above = a + (fx * (b - a));
        Vector256<float> below = c + (fx * (d - c));
        return above + (Lanes.Splat(_y, pair) * (below - above));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Both(float* low, float* high) =>
        Vector256.Create(Vector128.Load(low), Vector128.Load(high));

    /// <summary>1 inside, less over the one pixel beyond, and no number where the place is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Left(Vector256<float> place, Vector256<float> last) =>
        Vector256.Min(Vector256.Min(place, last - place), Vector256<float>.Zero) + Vector256<float>.One;
}
