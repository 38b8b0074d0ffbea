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
        SampledPlanes planes = plan.Planes;
        ChromaGrid chroma = planes.Chroma;
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
                    sumV = 0;
                for (int j = 0; j < plan.LumaTaps.Rows; j++)
                {
                    float dy = plan.LumaTaps.Y(j);
                    for (int i = 0; i < plan.LumaTaps.Columns; i++)
                    {
                        float dx = plan.LumaTaps.X(i);
                        float px = centerX + ((plan.Matrix.A * dx) + (plan.Matrix.B * dy));
                        float py = centerY + ((plan.Matrix.D * dx) + (plan.Matrix.E * dy));
                        float cx = Math.Clamp(px, 0, planes.Width - 1);
                        float cy = Math.Clamp(py, 0, planes.Height - 1);
                        sumY += Bilinear<T, TKind>(luma, planes.Width, planes.Height, cx, cy);
                    }
                }

                for (int j = 0; j < plan.ChromaTaps.Rows; j++)
                {
                    float dy = plan.ChromaTaps.Y(j);
                    for (int i = 0; i < plan.ChromaTaps.Columns; i++)
                    {
                        float dx = plan.ChromaTaps.X(i);
                        float px = centerX + ((plan.Matrix.A * dx) + (plan.Matrix.B * dy));
                        float py = centerY + ((plan.Matrix.D * dx) + (plan.Matrix.E * dy));
                        float cx = Math.Clamp(px, 0, planes.Width - 1);
                        float cy = Math.Clamp(py, 0, planes.Height - 1);
                        float ux = Math.Clamp((cx * chroma.ScaleX) + chroma.ShiftX, 0, planes.ChromaWidth - 1);
                        float uy = Math.Clamp((cy * chroma.ScaleY) + chroma.ShiftY, 0, planes.ChromaHeight - 1);
                        sumU += Bilinear<T, TKind>(u, planes.ChromaWidth, planes.ChromaHeight, ux, uy);
                        sumV += Bilinear<T, TKind>(v, planes.ChromaWidth, planes.ChromaHeight, ux, uy);
                    }
                }

                float cover = plan.Replicates ? 1 : plan.FadeX.At(centerX) * plan.FadeY.At(centerY);
                sumY *= cover;
                sumU *= cover;
                sumV *= cover;
                float light = sumY * plan.Luma;
                float red = (light + (sumV * plan.RedPerV)) + (cover * plan.RedConstant);
                float green =
                    (light + ((sumU * plan.GreenPerU) + (sumV * plan.GreenPerV))) + (cover * plan.GreenConstant);
                float blue = (light + (sumU * plan.BluePerU)) + (cover * plan.BlueConstant);
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
