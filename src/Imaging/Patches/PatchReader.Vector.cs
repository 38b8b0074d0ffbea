using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Color;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Patches;

/// <summary>
/// Row by row: eight neighbouring samples in the lanes; what lies outside the frame repeats the row's ends. For regions that have at least
/// one of the frame's columns.
/// </summary>
public static unsafe partial class PatchReader
{
    internal static void ReadLumaVector<T, TKind>(
        T* plane,
        FrameFormat format,
        PixelRect region,
        in SampleRange range,
        float* into
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        (int first, int end) = InsideColumns(format, region);
        Vector256<float> black = Vector256.Create(range.LumaBlack);
        for (int row = 0; row < region.Height; row++)
        {
            T* line = plane + ((nint)Math.Clamp(region.Y + row, 0, format.Height - 1) * format.Width);
            float* to = into + ((nint)row * region.Width);
            float* target = to + (first - region.X);
            T* source = line + first;
            int count = end - first;
            int x = 0;
            for (; x <= count - Lanes.Count; x += Lanes.Count)
            {
                ((TKind.Load(source + x) - black) * range.LumaGain).Store(target + x);
            }

            for (; x < count; x++)
            {
                target[x] = (TKind.ToFloat(source[x]) - range.LumaBlack) * range.LumaGain;
            }

            RepeatEnds(to, region, first, end);
        }
    }

    internal static void ReadChromaVector<T, TKind>(
        T* plane,
        FrameFormat format,
        PixelRect region,
        in SampleRange range,
        float* into
    )
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        ChromaGrid grid = ChromaGrid.Of(format);
        (int first, int end) = InsideColumns(format, region);
        int step = format.Chroma == ChromaLayout.Yuv444 ? 1 : 2;

        // The chroma row under the region's luma columns, one sample more on each side and whatever follows up to a whole vector.
        int firstChroma = (first / step) - 1;
        int countChroma = ((end - 1) / step) + 2 - firstChroma;
        Span<float> scratch = RowScratch.Rent(countChroma + (2 * Lanes.Count));
        fixed (float* line = scratch)
        {
            for (int row = 0; row < region.Height; row++)
            {
                float lumaY = Math.Clamp(region.Y + row, 0, format.Height - 1);
                float cy = Math.Clamp((lumaY * grid.ScaleY) + grid.ShiftY, 0, format.ChromaHeight - 1);
                int top = (int)cy;
                T* upper = plane + ((nint)top * format.ChromaWidth);
                T* lower = plane + ((nint)Math.Min(top + 1, format.ChromaHeight - 1) * format.ChromaWidth);
                MixRows<T, TKind>(upper, lower, cy - top, format.ChromaWidth, firstChroma, countChroma, line);
                float* to = into + ((nint)row * region.Width);
                float* target = to + (first - region.X);
                if (step == 1)
                {
                    Scale(line + 1, end - first, range, target);
                }
                else
                {
                    // Luma column x lies at place x/2 − firstChroma + shift of the line.
                    Spread(line, first - (2 * firstChroma), end - first, grid.ShiftX, range, target);
                }

                RepeatEnds(to, region, first, end);
            }
        }
    }

    /// <summary>One line of chroma between two rows; places outside the plane repeat its ends.</summary>
    private static void MixRows<T, TKind>(T* upper, T* lower, float fy, int width, int first, int count, float* line)
        where T : unmanaged
        where TKind : ISampleKind<T>
    {
        int x = Math.Max(first, 0);
        int end = Math.Min(first + count, width);
        for (; x <= end - Lanes.Count; x += Lanes.Count)
        {
            Vector256<float> a = TKind.Load(upper + x);
            (a + ((TKind.Load(lower + x) - a) * fy)).Store(line + (x - first));
        }

        for (; x < end; x++)
        {
            float a = TKind.ToFloat(upper[x]);
            line[x - first] = a + (fy * (TKind.ToFloat(lower[x]) - a));
        }

        for (x = first; x < 0; x++)
        {
            line[x - first] = line[-first];
        }

        for (x = end; x < first + count; x++)
        {
            line[x - first] = line[end - 1 - first];
        }
    }

    private static void Scale(float* line, int count, in SampleRange range, float* to)
    {
        Vector256<float> zero = Vector256.Create(range.ChromaZero);
        int x = 0;
        for (; x <= count - Lanes.Count; x += Lanes.Count)
        {
            ((Vector256.Load(line + x) - zero) * range.ChromaGain).Store(to + x);
        }

        for (; x < count; x++)
        {
            to[x] = (line[x] - range.ChromaZero) * range.ChromaGain;
        }
    }

    /// <summary>Luma columns <paramref name="start"/> on (at least 2) from a line of half as many chroma samples.</summary>
    private static void Spread(float* line, int start, int count, float shift, in SampleRange range, float* to)
    {
        int x = 0;
        if ((start & 1) == 1 && count > 0)
        {
            to[x++] = Between(line, start, shift, range);
        }

        // Eight luma columns from an even one on lie within six chroma samples, which one load brings: lanes 0 to 5 are samples
        // x/2 − 1 to x/2 + 4. Even columns have their chroma sample (or lie 1/4 before it), odd ones lie 1/2 (or 1/4) behind it.
        bool coSited = shift == 0;
        Vector256<int> leftOrder = coSited
            ? Vector256.Create(1, 1, 2, 2, 3, 3, 4, 4)
            : Vector256.Create(0, 1, 1, 2, 2, 3, 3, 4);
        Vector256<int> rightOrder = leftOrder + Vector256<int>.One;
        Vector256<float> fraction = coSited
            ? Vector256.Create(0, 0.5f, 0, 0.5f, 0, 0.5f, 0, 0.5f)
            : Vector256.Create(0.75f, 0.25f, 0.75f, 0.25f, 0.75f, 0.25f, 0.75f, 0.25f);
        Vector256<float> zero = Vector256.Create(range.ChromaZero);
        for (; x <= count - Lanes.Count; x += Lanes.Count)
        {
            Vector256<float> samples = Vector256.Load(line + ((start + x) / 2) - 1);
            Vector256<float> left = Vector256.Shuffle(samples, leftOrder);
            Vector256<float> right = Vector256.Shuffle(samples, rightOrder);
            (((left + (fraction * (right - left))) - zero) * range.ChromaGain).Store(to + x);
        }

        for (; x < count; x++)
        {
            to[x] = Between(line, start + x, shift, range);
        }
    }

    private static float Between(float* line, int column, float shift, in SampleRange range)
    {
        float at = (column * 0.5f) + shift;
        int left = (int)at;
        float value = line[left] + ((at - left) * (line[left + 1] - line[left]));
        return (value - range.ChromaZero) * range.ChromaGain;
    }

    /// <summary>The frame columns that the region has.</summary>
    private static (int First, int End) InsideColumns(FrameFormat format, PixelRect region) =>
        (Math.Max(region.X, 0), Math.Min(region.Right, format.Width));

    private static void RepeatEnds(float* row, PixelRect region, int first, int end)
    {
        int before = first - region.X;
        new Span<float>(row, before).Fill(row[before]);
        int after = region.Right - end;
        new Span<float>(row + region.Width - after, after).Fill(row[region.Width - after - 1]);
    }
}
