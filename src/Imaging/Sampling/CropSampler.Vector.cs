using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
        Vector256<float> one = Vector256<float>.One;
        Vector256<float> zero = Vector256<float>.Zero;
        Vector256<float> lumaWidth = Vector256.Create((float)plan.Width);
        Vector256<float> lumaHeight = Vector256.Create((float)plan.Height);
        Vector256<float> lastX = Vector256.Create(plan.Width - 1f);
        Vector256<float> lastY = Vector256.Create(plan.Height - 1f);
        Vector256<float> lastChromaX = Vector256.Create(plan.ChromaWidth - 1f);
        Vector256<float> lastChromaY = Vector256.Create(plan.ChromaHeight - 1f);
        Indices indices;
        Span<float> taps = RowScratch.Rent(2 * plan.TapsX * plan.TapsY);
        plan.Taps(taps);
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
                    sumV = zero,
                    sumCover = zero;
                for (int tap = 0; tap < taps.Length; tap += 2)
                {
                    Vector256<float> px = centerX + Vector256.Create(taps[tap]);
                    Vector256<float> py = centerY + Vector256.Create(taps[tap + 1]);
                    Vector256<float> cover = one;
                    if (TReach.Fades)
                    {
                        cover =
                            Lanes.Clamp(Vector256.MinNative(px + one, lumaWidth - px), zero, one)
                            * Lanes.Clamp(Vector256.MinNative(py + one, lumaHeight - py), zero, one);
                    }

                    if (TReach.CrossesEdges)
                    {
                        px = Lanes.Clamp(px, zero, lastX);
                        py = Lanes.Clamp(py, zero, lastY);
                    }

                    Vector256<float> ux = (px * plan.Chroma.ScaleX) + Vector256.Create(plan.Chroma.ShiftX);
                    Vector256<float> uy = (py * plan.Chroma.ScaleY) + Vector256.Create(plan.Chroma.ShiftY);
                    if (TReach.CrossesEdges)
                    {
                        ux = Lanes.Clamp(ux, zero, lastChromaX);
                        uy = Lanes.Clamp(uy, zero, lastChromaY);
                    }

                    Place at = Place.Of<TReach>(px, py, plan.Width, plan.Height, indices.Luma);
                    sumY += Bilinear<T, TKind, TReach>(luma, at, cover);
                    Place chroma = Place.Of<TReach>(ux, uy, plan.ChromaWidth, plan.ChromaHeight, indices.Chroma);
                    sumU += Bilinear<T, TKind, TReach>(u, chroma, cover);
                    sumV += Bilinear<T, TKind, TReach>(v, chroma, cover);
                    sumCover += cover;
                }

                StorePixels(plan, sumY, sumU, sumV, sumCover, rgb + (y * width) + x, plane);
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
        Vector256<float> sumCover,
        float* to,
        int plane
    )
    {
        Vector256<float> light = sumY * plan.Luma;
        Vector256<float> red = (light + (sumV * plan.RedPerV)) + (sumCover * plan.RedConstant);
        Vector256<float> green =
            (light + ((sumU * plan.GreenPerU) + (sumV * plan.GreenPerV))) + (sumCover * plan.GreenConstant);
        Vector256<float> blue = (light + (sumU * plan.BluePerU)) + (sumCover * plan.BlueConstant);
        Vector256<float> white = Vector256.Create(255f);
        Vector256<float> offset = Vector256.Create(plan.Offset);
        ((Lanes.Clamp(red, Vector256<float>.Zero, white) * plan.Scale) + offset).Store(to);
        ((Lanes.Clamp(green, Vector256<float>.Zero, white) * plan.Scale) + offset).Store(to + plane);
        ((Lanes.Clamp(blue, Vector256<float>.Zero, white) * plan.Scale) + offset).Store(to + (2 * plane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Bilinear<T, TKind, TReach>(T* plane, in Place at, Vector256<float> cover)
        where T : unmanaged
        where TKind : ISampleKind<T>
        where TReach : struct, IReach
    {
        // The right neighbour of the last column belongs to the next row, or to the frame's slack; its weight is 0.
        (Vector256<float> a, Vector256<float> b) = TKind.LoadPairs(plane, at.Upper);
        (Vector256<float> c, Vector256<float> d) = TKind.LoadPairs(plane, at.Lower);
        Vector256<float> above = a + (at.FractionX * (b - a));
        Vector256<float> below = c + (at.FractionX * (d - c));
        Vector256<float> value = above + (at.FractionY * (below - above));
        return TReach.Fades ? value * cover : value;
    }

    /// <summary>Eight places on a plane: the indices of the samples above and below, and how far between.</summary>
    private readonly ref struct Place
    {
        public readonly int* Upper;
        public readonly int* Lower;
        public readonly Vector256<float> FractionX;
        public readonly Vector256<float> FractionY;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Place(int* indices, Vector256<float> fractionX, Vector256<float> fractionY)
        {
            Upper = indices;
            Lower = indices + Lanes.Count;
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
            Vector256<int> lower = upper + stride;
            if (TReach.CrossesEdges)
            {
                Vector256<int> last = Vector256.Create(height - 1);
                lower = Vector256.ConditionalSelect(Vector256.LessThan(top, last), lower, upper);
            }

            upper.Store(indices);
            lower.Store(indices + Lanes.Count);
            return new(indices, x - Vector256.ConvertToSingle(left), y - Vector256.ConvertToSingle(top));
        }
    }

    private struct Indices
    {
        public fixed int Luma[2 * Lanes.Count];
        public fixed int Chroma[2 * Lanes.Count];
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
