using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>Eight neighbouring crop pixels of a row in the eight lanes; the same operations in the same order as the specification.</summary>
public static unsafe partial class CropSampler
{
    /// <summary>Does the columns that fill whole vectors and returns how many those are.</summary>
    internal static int VectorRows<T, TKind>(
        T* luma,
        T* u,
        T* v,
        in SamplingPlan plan,
        int width,
        int height,
        float* rgb
    )
        where T : unmanaged
        where TKind : ISampleKind<T> =>
        plan.IsInside(width, height) ? VectorRows<T, TKind, InsideFrame>(luma, u, v, plan, width, height, rgb)
        : plan.Replicates ? VectorRows<T, TKind, RepeatedEdges>(luma, u, v, plan, width, height, rgb)
        : VectorRows<T, TKind, AcrossEdges>(luma, u, v, plan, width, height, rgb);

    private static int VectorRows<T, TKind, TReach>(
        T* luma,
        T* u,
        T* v,
        in SamplingPlan plan,
        int width,
        int height,
        float* rgb
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
        where TReach : struct, IReach
    {
        int columns = width - (width % Lanes.Count);
        int plane = width * height;
        SampledPlanes planes = plan.Planes;
        ChromaGrid chroma = planes.Chroma;
        Vector256<float> zero = Vector256<float>.Zero;
        Vector256<float> lastX = Vector256.Create(planes.Width - 1f);
        Vector256<float> lastY = Vector256.Create(planes.Height - 1f);
        Vector256<float> lastChromaX = Vector256.Create(planes.ChromaWidth - 1f);
        Vector256<float> lastChromaY = Vector256.Create(planes.ChromaHeight - 1f);
        int* indices = stackalloc int[2 * Lanes.Count];
        Span<float> offsets = RowScratch.Rent(2 * (plan.LumaTaps.Count + plan.ChromaTaps.Count));
        plan.LumaTaps.Fill(plan.Matrix, offsets);
        plan.ChromaTaps.Fill(plan.Matrix, offsets[(2 * plan.LumaTaps.Count)..]);
        fixed (float* taps = offsets)
        {
            float* chromaTaps = taps + (2 * plan.LumaTaps.Count);
            float* end = taps + offsets.Length;
            for (int y = 0; y < height; y++)
            {
                Vector256<float> rowX = Vector256.Create((plan.Matrix.B * y) + plan.Matrix.C);
                Vector256<float> rowY = Vector256.Create((plan.Matrix.E * y) + plan.Matrix.F);
                for (int x = 0; x < columns; x += Lanes.Count)
                {
                    Vector256<float> column = Lanes.Index + Vector256.Create((float)x);
                    Vector256<float> centerX = (column * plan.Matrix.A) + rowX;
                    Vector256<float> centerY = (column * plan.Matrix.D) + rowY;
                    Vector256<float> sumY = zero,
                        sumU = zero,
                        sumV = zero;
                    for (float* tap = taps; tap < chromaTaps; tap += 2)
                    {
                        Vector256<float> px = centerX + Vector256.Create(tap[0]);
                        Vector256<float> py = centerY + Vector256.Create(tap[1]);
                        if (TReach.CrossesEdges)
                        {
                            px = Lanes.Clamp(px, zero, lastX);
                            py = Lanes.Clamp(py, zero, lastY);
                        }

                        Place at = Place.Of<TReach>(px, py, planes.Width, planes.Height, indices);
                        sumY += Bilinear<T, TKind>(luma, at);
                    }

                    for (float* tap = chromaTaps; tap < end; tap += 2)
                    {
                        Vector256<float> px = centerX + Vector256.Create(tap[0]);
                        Vector256<float> py = centerY + Vector256.Create(tap[1]);
                        if (TReach.CrossesEdges)
                        {
                            px = Lanes.Clamp(px, zero, lastX);
                            py = Lanes.Clamp(py, zero, lastY);
                        }

                        Vector256<float> ux = (px * chroma.ScaleX) + Vector256.Create(chroma.ShiftX);
                        Vector256<float> uy = (py * chroma.ScaleY) + Vector256.Create(chroma.ShiftY);
                        if (TReach.CrossesEdges)
                        {
                            ux = Lanes.Clamp(ux, zero, lastChromaX);
                            uy = Lanes.Clamp(uy, zero, lastChromaY);
                        }

                        Place at = Place.Of<TReach>(ux, uy, planes.ChromaWidth, planes.ChromaHeight, indices);
                        sumU += Bilinear<T, TKind>(u, at);
                        sumV += Bilinear<T, TKind>(v, at);
                    }

                    Vector256<float> cover = Vector256<float>.One;
                    if (TReach.Fades)
                    {
                        cover = plan.FadeX.At(centerX) * plan.FadeY.At(centerY);
                        sumY *= cover;
                        sumU *= cover;
                        sumV *= cover;
                    }

                    StorePixels(plan, sumY, sumU, sumV, cover, rgb + (y * width) + x, plane);
                }
            }
        }

        return columns;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePixels(
        in SamplingPlan plan,
        Vector256<float> sumY,
        Vector256<float> sumU,
        Vector256<float> sumV,
        Vector256<float> cover,
        float* to,
        int plane
    )
    {
        Vector256<float> light = sumY * plan.Luma;
        Vector256<float> red = (light + (sumV * plan.RedPerV)) + (cover * plan.RedConstant);
        Vector256<float> green =
            (light + ((sumU * plan.GreenPerU) + (sumV * plan.GreenPerV))) + (cover * plan.GreenConstant);
        Vector256<float> blue = (light + (sumU * plan.BluePerU)) + (cover * plan.BlueConstant);
        Vector256<float> white = Vector256.Create(255f);
        Vector256<float> offset = Vector256.Create(plan.Offset);
        ((Lanes.Clamp(red, Vector256<float>.Zero, white) * plan.Scale) + offset).Store(to);
        ((Lanes.Clamp(green, Vector256<float>.Zero, white) * plan.Scale) + offset).Store(to + plane);
        ((Lanes.Clamp(blue, Vector256<float>.Zero, white) * plan.Scale) + offset).Store(to + (2 * plane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Bilinear<T, TKind>(T* plane, in Place at)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        // The right neighbour of the last column belongs to the next row, or to the slack behind the planes; its weight is 0.
        (Vector256<float> a, Vector256<float> b) = TKind.LoadPairs(plane, at.Upper);
        (Vector256<float> c, Vector256<float> d) = TKind.LoadPairs(plane + at.Below, at.Lower);
        Vector256<float> above = a + (at.FractionX * (b - a));
        Vector256<float> below = c + (at.FractionX * (d - c));
        return above + (at.FractionY * (below - above));
    }

    /// <summary>Eight places on a plane: the indices of the samples above and below, and how far between.</summary>
    private readonly ref struct Place
    {
        public readonly int* Upper;
        public readonly int* Lower;
        public readonly nint Below;
        public readonly Vector256<float> FractionX;
        public readonly Vector256<float> FractionY;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Place(int* upper, int* lower, nint below, Vector256<float> fractionX, Vector256<float> fractionY)
        {
            Upper = upper;
            Lower = lower;
            Below = below;
            FractionX = fractionX;
            FractionY = fractionY;
        }

        /// <summary>Indices go from lanes to plain loads through sixteen numbers on the stack.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Place Of<TReach>(Vector256<float> x, Vector256<float> y, int width, int height, int* indices)
            where TReach : struct, IReach
        {
            Vector256<int> left = Vector256.ConvertToInt32Native(x);
            Vector256<int> top = Vector256.ConvertToInt32Native(y);
            Vector256<int> stride = Vector256.Create(width);
            Vector256<int> upper = (top * stride) + left;
            Vector256<float> fractionX = x - Vector256.ConvertToSingle(left);
            Vector256<float> fractionY = y - Vector256.ConvertToSingle(top);
            upper.Store(indices);
            if (!TReach.CrossesEdges)
            {
                return new(indices, indices, width, fractionX, fractionY);
            }

            Vector256<int> last = Vector256.Create(height - 1);
            Vector256<int> lower = Vector256.ConditionalSelect(Vector256.LessThan(top, last), upper + stride, upper);
            lower.Store(indices + Lanes.Count);
            return new(indices, indices + Lanes.Count, 0, fractionX, fractionY);
        }
    }

    /// <summary>Whether a crop's taps can come near the frame's edges, where they are clamped and may fade; the compiler makes three loops.</summary>
    private interface IReach
    {
        static abstract bool CrossesEdges { get; }

        static abstract bool Fades { get; }
    }

    private readonly struct AcrossEdges : IReach
    {
        public static bool CrossesEdges => true;

        public static bool Fades => true;
    }

    private readonly struct RepeatedEdges : IReach
    {
        public static bool CrossesEdges => true;

        public static bool Fades => false;
    }

    private readonly struct InsideFrame : IReach
    {
        public static bool CrossesEdges => false;

        public static bool Fades => false;
    }
}
