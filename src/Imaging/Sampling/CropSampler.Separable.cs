using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>
/// The short cut for crops that are minified and not turned, such as the whole frame for a detector. There the mean over k×k bilinear
/// taps is the product of a mean over k along each axis: rows are mixed first, each frame row once, then columns. Equal to the
/// specification but for the order of additions (tests allow 0.01 of a level).
/// </summary>
public static unsafe partial class CropSampler
{
    private const int RowsAtATime = 4;

    /// <summary>Whether a crop can and should be sampled this way.</summary>
    internal static bool IsSeparable(in SamplingPlan plan) =>
        plan.Matrix.B == 0
        && plan.Matrix.D == 0
        && !plan.Replicates
        && plan.LumaTaps.Count > 1
        && MathF.Abs(plan.Matrix.A) <= 32
        && MathF.Abs(plan.Matrix.E) <= 32;

    internal static void SeparableRows<T, TKind>(
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
        // Width rounded up, so that weights and places of the last few columns fill a vector; the surplus columns have weight 0.
        int padded = (width + Lanes.Count - 1) / Lanes.Count * Lanes.Count;
        SampledPlanes planes = plan.Planes;
        ChromaGrid chroma = planes.Chroma;
        int most = AxisWeights.MostSamples(plan.Matrix.A, plan.LumaTaps.Columns);
        int mostChroma = AxisWeights.MostSamples(plan.Matrix.A * chroma.ScaleX, plan.ChromaTaps.Columns);
        int tall = AxisWeights.MostSamples(plan.Matrix.E, plan.LumaTaps.Rows);
        int tallChroma = AxisWeights.MostSamples(plan.Matrix.E * chroma.ScaleY, plan.ChromaTaps.Rows);
        int lineLength = planes.Width + most + Lanes.Count;
        int weights = (Math.Max(most, mostChroma) + 2) * padded;
        Span<float> scratch = RowScratch.Rent((2 * weights) + (3 * lineLength) + (3 * padded) + tall + tallChroma + 4);
        scratch.Clear();
        fixed (float* start = scratch)
        {
            AxisWeights lumaX = new(start, padded, most);
            AxisWeights chromaX = new(start + weights, padded, mostChroma);
            float* line = start + (2 * weights);
            float* row = line + (3 * lineLength);
            AxisWeights lumaY = new(row + (3 * padded), 1, tall);
            AxisWeights chromaY = new(row + (3 * padded) + tall + 2, 1, tallChroma);
            for (int x = 0; x < width; x++)
            {
                float place = (plan.Matrix.A * x) + plan.Matrix.C;
                lumaX.Set(x, place, plan.Matrix.A, plan.LumaTaps.Columns, planes.Width, 1, 0, planes.Width, plan.FadeX);
                chromaX.Set(
                    x,
                    place,
                    plan.Matrix.A,
                    plan.ChromaTaps.Columns,
                    planes.Width,
                    chroma.ScaleX,
                    chroma.ShiftX,
                    planes.ChromaWidth,
                    plan.FadeX
                );
            }

            (int First, int End) columns = lumaX.Samples(width);
            (int First, int End) chromaColumns = chromaX.Samples(width);
            for (int y = 0; y < height; y++)
            {
                float place = (plan.Matrix.E * y) + plan.Matrix.F;
                lumaY.Set(0, place, plan.Matrix.E, plan.LumaTaps.Rows, planes.Height, 1, 0, planes.Height, plan.FadeY);
                chromaY.Set(
                    0,
                    place,
                    plan.Matrix.E,
                    plan.ChromaTaps.Rows,
                    planes.Height,
                    chroma.ScaleY,
                    chroma.ShiftY,
                    planes.ChromaHeight,
                    plan.FadeY
                );
                MixRows<T, TKind>(luma, planes.Width, planes.Height, lumaY, columns, line);
                MixRows<T, TKind>(
                    u,
                    planes.ChromaWidth,
                    planes.ChromaHeight,
                    chromaY,
                    chromaColumns,
                    line + lineLength
                );
                MixRows<T, TKind>(
                    v,
                    planes.ChromaWidth,
                    planes.ChromaHeight,
                    chromaY,
                    chromaColumns,
                    line + (2 * lineLength)
                );
                for (int x = 0; x < padded; x += Lanes.Count)
                {
                    Vector256<float> cover = lumaX.Cover(x) * lumaY.CoverOf(0);
                    StorePixels(
                        plan,
                        lumaX.Mix(x, line) * cover,
                        chromaX.Mix(x, line + lineLength) * cover,
                        chromaX.Mix(x, line + (2 * lineLength)) * cover,
                        cover,
                        row + x,
                        padded
                    );
                }

                for (int plane = 0; plane < 3; plane++)
                {
                    float* to = rgb + ((((nint)plane * height) + y) * width);
                    new ReadOnlySpan<float>(row + (plane * padded), width).CopyTo(new Span<float>(to, width));
                }
            }
        }
    }

    /// <summary>The weighted sum of the frame rows that one crop row covers, in the columns that crop pixels need.</summary>
    private static void MixRows<T, TKind>(
        T* plane,
        int width,
        int height,
        in AxisWeights weights,
        (int First, int End) columns,
        float* line
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int first = weights.StartOf(0);
        int count = Math.Min(weights.Most, height - first);
        while (count > 1 && weights.WeightOf(0, count - 1) == 0)
        {
            count--;
        }

        int end = Math.Min(columns.End, width);
        T* row = plane + ((nint)first * width);
        for (int i = 0; i < count; i += RowsAtATime, row += (nint)RowsAtATime * width)
        {
            int rows = Math.Min(RowsAtATime, count - i);
            float a = weights.WeightOf(0, i);
            float b = rows > 1 ? weights.WeightOf(0, i + 1) : 0;
            float c = rows > 2 ? weights.WeightOf(0, i + 2) : 0;
            float d = rows > 3 ? weights.WeightOf(0, i + 3) : 0;
            // What is beyond the last row has no weight: the last row stands for it.
            T* second = row + (rows > 1 ? width : 0);
            T* third = second + (rows > 2 ? width : 0);
            T* fourth = third + (rows > 3 ? width : 0);
            int x = columns.First;
            for (; x <= end - Lanes.Count; x += Lanes.Count)
            {
                Vector256<float> sum = i == 0 ? Vector256<float>.Zero : Vector256.Load(line + x);
                sum += TKind.Load(row + x) * a;
                sum += TKind.Load(second + x) * b;
                sum += TKind.Load(third + x) * c;
                sum += TKind.Load(fourth + x) * d;
                sum.Store(line + x);
            }

            for (; x < end; x++)
            {
                float sum = i == 0 ? 0 : line[x];
                sum += TKind.ToFloat(row[x]) * a;
                sum += TKind.ToFloat(second[x]) * b;
                sum += TKind.ToFloat(third[x]) * c;
                sum += TKind.ToFloat(fourth[x]) * d;
                line[x] = sum;
            }
        }
    }
}
