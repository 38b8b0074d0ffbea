using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>
/// Where sixteen neighbouring pixels of a frame's row lie in an enlarged crop. Each eight of them lie in eight columns of the crop and in
/// two or three rows, so that a plane is read with a few loads of whole vectors: the first eight's columns in the lower half, the other
/// eight's in the upper. Kept in memory, because many of them are found before the first is read: each takes long, and none waits for
/// another.
/// </summary>
internal unsafe struct SixteenPlaces
{
    public const int Count = 16;

    private const int Half = Count / 2;

    private Vector512<float> _x;
    private Vector512<float> _y;

    /// <summary>
    /// Which of the loaded pixels are a lane's: 0 to 15 are in the first row that is loaded for its half, 16 to 31 in the next, 32 to 47 in
    /// the one behind.
    /// </summary>
    private Vector512<int> _left;

    /// <summary>Where the loaded pixels of each half begin in a plane.</summary>
    private int _low;
    private int _high;

    /// <summary>What is left of the mask: 1 within the crop, less over the one pixel beyond it, 0 outside.</summary>
    public Vector512<float> Fade;

    /// <summary>Those from a column of the plan's region on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(in WarpPlan plan, int stride, int row, int column)
    {
        Vector512<float> zero = Vector512<float>.Zero;
        Vector512<float> across =
            Vector512.Create((float)(plan.Region.X + column))
            + Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        float down = plan.Region.Y + row;
        Vector512<float> x =
            ((across * plan.FrameToCrop.A) + Vector512.Create(plan.FrameToCrop.B * down))
            + Vector512.Create(plan.FrameToCrop.C);
        Vector512<float> y =
            ((across * plan.FrameToCrop.D) + Vector512.Create(plan.FrameToCrop.E * down))
            + Vector512.Create(plan.FrameToCrop.F);
        Vector512<float> lastX = Vector512.Create((float)(plan.Width - 1));
        Vector512<float> lastY = Vector512.Create((float)(plan.Height - 1));
        Vector512<float> within = Left(x, lastX);
        Vector512<float> below = Left(y, lastY);
        Fade = within * below & Vector512.GreaterThan(within, zero) & Vector512.GreaterThan(below, zero);
        x = Vector512.MinNative(Vector512.MaxNative(x, zero), lastX);
        y = Vector512.MinNative(Vector512.MaxNative(y, zero), lastY);
        Vector512<int> left = Vector512.ConvertToInt32Native(x);
        Vector512<int> top = Vector512.ConvertToInt32Native(y);
        _x = x - Vector512.ConvertToSingle(left);
        _y = y - Vector512.ConvertToSingle(top);

        // Places go one way along a row, so the least of a half is in its first lane or its last.
        Vector512<int> firstColumn = OfHalf(left, isLast: plan.FrameToCrop.A < 0);
        Vector512<int> firstRow = OfHalf(top, isLast: plan.FrameToCrop.D < 0);
        Vector512<int> begin = (firstRow * Vector512.Create(stride)) + firstColumn;
        _low = begin[0];
        _high = begin[Half];
        _left =
            ((left - firstColumn) + Vector512.ShiftLeft(top - firstRow, 4))
            + Vector512.Create(0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 8, 8, 8, 8);
    }

    /// <summary>The plane at the places, bilinearly.</summary>
    /// <typeparam name="TTilt">How many rows eight pixels may begin in.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector512<float> Read<TTilt>(float* plane, int stride)
        where TTilt : struct, ITilt
    {
        float* low = plane + _low;
        float* high = plane + _high;
        Vector512<float> one = Both(low, high);
        Vector512<float> two = Both(low + stride, high + stride);
        Vector512<float> three = Both(low + (2 * (nint)stride), high + (2 * (nint)stride));
        Vector512<int> left = _left;
        Vector512<int> right = left + Vector512<int>.One;
        Vector512<float> a = Avx512F.PermuteVar16x32x2(one, left, two);
        Vector512<float> b = Avx512F.PermuteVar16x32x2(one, right, two);
        Vector512<float> c = Avx512F.PermuteVar16x32x2(two, left, three);
        Vector512<float> d = Avx512F.PermuteVar16x32x2(two, right, three);
        if (TTilt.IsSteep)
        {
            Vector512<float> four = Both(low + (3 * (nint)stride), high + (3 * (nint)stride));
            Vector512<float> isThird = Vector512.GreaterThan(left, Vector512.Create(31)).AsSingle();
            a = Vector512.ConditionalSelect(isThird, Avx512F.PermuteVar16x32(three, left), a);
            b = Vector512.ConditionalSelect(isThird, Avx512F.PermuteVar16x32(three, right), b);
            c = Vector512.ConditionalSelect(isThird, Avx512F.PermuteVar16x32(four, left), c);
            d = Vector512.ConditionalSelect(isThird, Avx512F.PermuteVar16x32(four, right), d);
        }

        Vector512<float> above = a + (_x * (b - a));
        Vector512<float> below = c + (_x * (d - c));
        return above + (_y * (below - above));
    }

    /// <summary>How far a crop is turned; the compiler makes two loops.</summary>
    public interface ITilt
    {
        static abstract bool IsSteep { get; }
    }

    /// <summary>Eight pixels begin in one row or two.</summary>
    public readonly struct Level : ITilt
    {
        public static bool IsSteep => false;
    }

    /// <summary>In up to three.</summary>
    public readonly struct Steep : ITilt
    {
        public static bool IsSteep => true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Both(float* low, float* high) =>
        Vector512.Create(Vector256.Load(low), Vector256.Load(high));

    /// <summary>The first or the last lane of each half, in all of its lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> OfHalf(Vector512<int> values, bool isLast)
    {
        Vector512<int> first = Vector512.Create(0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 8, 8, 8, 8);
        return Avx512F.PermuteVar16x32(values, isLast ? first + Vector512.Create(Half - 1) : first);
    }

    /// <summary>As in <see cref="EightPlaces"/>; of two that are not both numbers, the machine takes the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Left(Vector512<float> place, Vector512<float> last) =>
        Vector512.MinNative(Vector512<float>.Zero, Vector512.MinNative(place, last - place)) + Vector512<float>.One;
}
