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
                MixRows<T, TKind>(luma, planes.Width, planes.Height, lumaY, line);
                MixRows<T, TKind>(u, planes.ChromaWidth, planes.ChromaHeight, chromaY, line + lineLength);
                MixRows<T, TKind>(v, planes.ChromaWidth, planes.ChromaHeight, chromaY, line + (2 * lineLength));
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

    /// <summary>The weighted sum of the frame rows that one crop row covers.</summary>
    private static void MixRows<T, TKind>(T* plane, int width, int height, in AxisWeights weights, float* line)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        new Span<float>(line, width).Clear();
        int first = weights.StartOf(0);
        for (int i = 0; i < weights.Most && first + i < height; i++)
        {
            float weight = weights.WeightOf(0, i);
            if (weight == 0)
            {
                continue;
            }

            T* row = plane + ((nint)(first + i) * width);
            int x = 0;
            for (; x <= width - Lanes.Count; x += Lanes.Count)
            {
                (Vector256.Load(line + x) + (TKind.Load(row + x) * weight)).Store(line + x);
            }

            for (; x < width; x++)
            {
                line[x] += TKind.ToFloat(row[x]) * weight;
            }
        }
    }
}
