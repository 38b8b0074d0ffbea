using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>The specification, sample by sample. Interpolating whole numbers by quarters is exact, so any order of it gives the same.</summary>
public static unsafe partial class PatchReader
{
    internal static void ReadLumaScalar<T, TKind>(
        T* plane,
        FrameFormat format,
        PixelRect region,
        in SampleRange range,
        Span<float> into
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        for (int row = 0; row < region.Height; row++)
        {
            T* line = plane + ((nint)Math.Clamp(region.Y + row, 0, format.Height - 1) * format.Width);
            Span<float> to = into.Slice(row * region.Width, region.Width);
            for (int column = 0; column < to.Length; column++)
            {
                T sample = line[Math.Clamp(region.X + column, 0, format.Width - 1)];
                to[column] = (TKind.ToFloat(sample) - range.LumaBlack) * range.LumaGain;
            }
        }
    }

    internal static void ReadChromaScalar<T, TKind>(
        T* plane,
        FrameFormat format,
        PixelRect region,
        in SampleRange range,
        Span<float> into
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        ChromaGrid grid = ChromaGrid.Of(format);
        int lastX = format.ChromaWidth - 1;
        int lastY = format.ChromaHeight - 1;
        for (int row = 0; row < region.Height; row++)
        {
            float lumaY = Math.Clamp(region.Y + row, 0, format.Height - 1);
            float cy = Math.Clamp((lumaY * grid.ScaleY) + grid.ShiftY, 0, lastY);
            int top = (int)cy;
            float fy = cy - top;
            T* upper = plane + ((nint)top * format.ChromaWidth);
            T* lower = plane + ((nint)Math.Min(top + 1, lastY) * format.ChromaWidth);
            for (int column = 0; column < region.Width; column++)
            {
                float lumaX = Math.Clamp(region.X + column, 0, format.Width - 1);
                float cx = Math.Clamp((lumaX * grid.ScaleX) + grid.ShiftX, 0, lastX);
                int left = (int)cx;
                int right = Math.Min(left + 1, lastX);
                float fx = cx - left;
                float a = TKind.ToFloat(upper[left]);
                float b = TKind.ToFloat(upper[right]);
                float before = a + (fy * (TKind.ToFloat(lower[left]) - a));
                float after = b + (fy * (TKind.ToFloat(lower[right]) - b));
                float value = before + (fx * (after - before));
                into[(row * region.Width) + column] = (value - range.ChromaZero) * range.ChromaGain;
            }
        }
    }
}
