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
        where TKind : ISampleKind<T>
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
                for (int j = 0; j < plan.TapsY; j++)
                {
                    float dy = ((j + 0.5f) / plan.TapsY) - 0.5f;
                    for (int i = 0; i < plan.TapsX; i++)
                    {
                        float dx = ((i + 0.5f) / plan.TapsX) - 0.5f;
                        float tapX = (plan.Matrix.A * dx) + (plan.Matrix.B * dy);
                        float tapY = (plan.Matrix.D * dx) + (plan.Matrix.E * dy);
                        Vector256<float> px = centerX + Vector256.Create(tapX);
                        Vector256<float> py = centerY + Vector256.Create(tapY);
                        Vector256<float> cover =
                            Lanes.Clamp(Vector256.MinNative(px + one, lumaWidth - px), zero, one)
                            * Lanes.Clamp(Vector256.MinNative(py + one, lumaHeight - py), zero, one);
                        Vector256<float> cx = Lanes.Clamp(px, zero, lastX);
                        Vector256<float> cy = Lanes.Clamp(py, zero, lastY);
                        Place at = new(cx, cy, plan.Width, plan.Height);
                        sumY += Bilinear<T, TKind>(luma, at) * cover;
                        Place chroma = new(
                            Lanes.Clamp(
                                (cx * plan.Chroma.ScaleX) + Vector256.Create(plan.Chroma.ShiftX),
                                zero,
                                lastChromaX
                            ),
                            Lanes.Clamp(
                                (cy * plan.Chroma.ScaleY) + Vector256.Create(plan.Chroma.ShiftY),
                                zero,
                                lastChromaY
                            ),
                            plan.ChromaWidth,
                            plan.ChromaHeight
                        );
                        sumU += Bilinear<T, TKind>(u, chroma) * cover;
                        sumV += Bilinear<T, TKind>(v, chroma) * cover;
                        sumCover += cover;
                    }
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
    private static Vector256<float> Bilinear<T, TKind>(T* plane, in Place at)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        // The right neighbour of the last column belongs to the next row, or to the frame's slack; its weight is 0.
        (Vector256<float> a, Vector256<float> b) = TKind.GatherPair(plane, at.Upper);
        (Vector256<float> c, Vector256<float> d) = TKind.GatherPair(plane, at.Lower);
        Vector256<float> above = a + (at.FractionX * (b - a));
        Vector256<float> below = c + (at.FractionX * (d - c));
        return above + (at.FractionY * (below - above));
    }

    /// <summary>Eight places on a plane: the indices of the samples above and below, and how far between.</summary>
    private readonly struct Place
    {
        public readonly Vector256<int> Upper;
        public readonly Vector256<int> Lower;
        public readonly Vector256<float> FractionX;
        public readonly Vector256<float> FractionY;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Place(Vector256<float> x, Vector256<float> y, int width, int height)
        {
            Vector256<int> left = Vector256.ConvertToInt32Native(x);
            Vector256<int> top = Vector256.ConvertToInt32Native(y);
            Vector256<int> bottom = Vector256.Min(top + Vector256<int>.One, Vector256.Create(height - 1));
            FractionX = x - Vector256.ConvertToSingle(left);
            FractionY = y - Vector256.ConvertToSingle(top);
            Vector256<int> stride = Vector256.Create(width);
            Upper = (top * stride) + left;
            Lower = (bottom * stride) + left;
        }
    }
}
