using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Sampling;

/// <summary>The specification: one crop pixel at a time, in the order of operations that the vector path repeats.</summary>
public static unsafe partial class CropSampler
{
    /// <summary>Columns from <paramref name="firstColumn"/> on of every row.</summary>
    internal static void ScalarRows<T, TKind>(
        T* luma,
        T* u,
        T* v,
        in SamplingPlan plan,
        int width,
        int height,
        float* rgb,
        int firstColumn
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int plane = width * height;
        for (int y = 0; y < height; y++)
        {
            float rowX = (plan.Matrix.B * y) + plan.Matrix.C;
            float rowY = (plan.Matrix.E * y) + plan.Matrix.F;
            for (int x = firstColumn; x < width; x++)
            {
                float centerX = (plan.Matrix.A * x) + rowX;
                float centerY = (plan.Matrix.D * x) + rowY;
                float sumY = 0,
                    sumU = 0,
                    sumV = 0,
                    sumCover = 0;
                for (int j = 0; j < plan.TapsY; j++)
                {
                    float dy = ((j + 0.5f) / plan.TapsY) - 0.5f;
                    for (int i = 0; i < plan.TapsX; i++)
                    {
                        float dx = ((i + 0.5f) / plan.TapsX) - 0.5f;
                        float px = centerX + ((plan.Matrix.A * dx) + (plan.Matrix.B * dy));
                        float py = centerY + ((plan.Matrix.D * dx) + (plan.Matrix.E * dy));
                        float coverX = Math.Clamp(Math.Min(px + 1, plan.Width - px), 0, 1);
                        float coverY = Math.Clamp(Math.Min(py + 1, plan.Height - py), 0, 1);
                        float cover = plan.Replicates ? 1 : coverX * coverY;
                        float cx = Math.Clamp(px, 0, plan.Width - 1);
                        float cy = Math.Clamp(py, 0, plan.Height - 1);
                        ChromaGrid chroma = plan.Chroma;
                        float ux = Math.Clamp((cx * chroma.ScaleX) + chroma.ShiftX, 0, plan.ChromaWidth - 1);
                        float uy = Math.Clamp((cy * chroma.ScaleY) + chroma.ShiftY, 0, plan.ChromaHeight - 1);
                        sumY += Bilinear<T, TKind>(luma, plan.Width, plan.Height, cx, cy) * cover;
                        sumU += Bilinear<T, TKind>(u, plan.ChromaWidth, plan.ChromaHeight, ux, uy) * cover;
                        sumV += Bilinear<T, TKind>(v, plan.ChromaWidth, plan.ChromaHeight, ux, uy) * cover;
                        sumCover += cover;
                    }
                }

                float light = sumY * plan.Luma;
                float red = (light + (sumV * plan.RedPerV)) + (sumCover * plan.RedConstant);
                float green =
                    (light + ((sumU * plan.GreenPerU) + (sumV * plan.GreenPerV))) + (sumCover * plan.GreenConstant);
                float blue = (light + (sumU * plan.BluePerU)) + (sumCover * plan.BlueConstant);
                float* to = rgb + (y * width) + x;
                to[0] = (Math.Clamp(red, 0, 255) * plan.Scale) + plan.Offset;
                to[plane] = (Math.Clamp(green, 0, 255) * plan.Scale) + plan.Offset;
                to[2 * plane] = (Math.Clamp(blue, 0, 255) * plan.Scale) + plan.Offset;
            }
        }
    }

    /// <summary>The plane at a place already clamped into it. The right neighbour of the last column has weight 0.</summary>
    private static float Bilinear<T, TKind>(T* plane, int width, int height, float x, float y)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int left = (int)x;
        int top = (int)y;
        int right = Math.Min(left + 1, width - 1);
        int bottom = Math.Min(top + 1, height - 1);
        float fx = x - left;
        float fy = y - top;
        T* upper = plane + ((nint)top * width);
        T* lower = plane + ((nint)bottom * width);
        float a = TKind.ToFloat(upper[left]);
        float c = TKind.ToFloat(lower[left]);
        float above = a + (fx * (TKind.ToFloat(upper[right]) - a));
        float below = c + (fx * (TKind.ToFloat(lower[right]) - c));
        return above + (fy * (below - above));
    }
}
