using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Filtering;

/// <summary>Neighbouring columns in the lanes; each lane does what the specification does to its column.</summary>
public static unsafe partial class BoxBlur
{
    /// <summary>Vectors side by side in one strip of columns, so that the sums do not wait for each other.</summary>
    private const int Strip = 4;

    /// <summary>Does the columns that fill whole vectors and returns how many those are.</summary>
    internal static int DownVector(float* from, float* to, int width, int height, int radius)
    {
        int x = 0;
        for (; x <= width - (Strip * Lanes.Count); x += Strip * Lanes.Count)
        {
            DownStrip(from + x, to + x, width, height, radius);
        }

        for (; x <= width - Lanes.Count; x += Lanes.Count)
        {
            DownOne(from + x, to + x, width, height, radius);
        }

        return x;
    }

    private static void DownStrip(float* from, float* to, int width, int height, int radius)
    {
        Vector256<float> inverse = Vector256.Create(1f / ((2 * radius) + 1));
        Vector256<float> times = Vector256.Create((float)(radius + 1));
        Vector256<float> a = Vector256.Load(from) * times,
            b = Vector256.Load(from + 8) * times,
            c = Vector256.Load(from + 16) * times,
            d = Vector256.Load(from + 24) * times;
        for (int i = 1; i <= radius; i++)
        {
            float* row = from + ((nint)Math.Min(i, height - 1) * width);
            a += Vector256.Load(row);
            b += Vector256.Load(row + 8);
            c += Vector256.Load(row + 16);
            d += Vector256.Load(row + 24);
        }

        for (int y = 0; ; )
        {
            float* into = to + ((nint)y * width);
            (a * inverse).Store(into);
            (b * inverse).Store(into + 8);
            (c * inverse).Store(into + 16);
            (d * inverse).Store(into + 24);
            if (++y == height)
            {
                return;
            }

            float* enters = from + ((nint)Math.Min(y + radius, height - 1) * width);
            float* leaves = from + ((nint)Math.Max(y - radius - 1, 0) * width);
            a += Vector256.Load(enters) - Vector256.Load(leaves);
            b += Vector256.Load(enters + 8) - Vector256.Load(leaves + 8);
            c += Vector256.Load(enters + 16) - Vector256.Load(leaves + 16);
            d += Vector256.Load(enters + 24) - Vector256.Load(leaves + 24);
        }
    }

    private static void DownOne(float* from, float* to, int width, int height, int radius)
    {
        Vector256<float> inverse = Vector256.Create(1f / ((2 * radius) + 1));
        Vector256<float> sum = Vector256.Load(from) * Vector256.Create((float)(radius + 1));
        for (int i = 1; i <= radius; i++)
        {
            sum += Vector256.Load(from + ((nint)Math.Min(i, height - 1) * width));
        }

        (sum * inverse).Store(to);
        for (int y = 1; y < height; y++)
        {
            sum +=
                Vector256.Load(from + ((nint)Math.Min(y + radius, height - 1) * width))
                - Vector256.Load(from + ((nint)Math.Max(y - radius - 1, 0) * width));
            (sum * inverse).Store(to + ((nint)y * width));
        }
    }

    /// <summary>Transposes the whole blocks of 8×8 and returns the rows and columns that these cover.</summary>
    internal static (int Rows, int Columns) TransposeVector(float* from, float* to, int width, int height)
    {
        int rows = height - (height % Lanes.Count);
        int columns = width - (width % Lanes.Count);
        for (int x = 0; x < columns; x += Lanes.Count)
        {
            for (int y = 0; y < rows; y += Lanes.Count)
            {
                TransposeBlock(from + ((nint)y * width) + x, width, to + ((nint)x * height) + y, height);
            }
        }

        return (rows, columns);
    }

    /// <summary>Pairs of rows are interleaved, then pairs of pairs, then the 128 bit halves are exchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(float* from, int stride, float* to, int toStride)
    {
        Vector256<float> r0 = Vector256.Load(from),
            r1 = Vector256.Load(from + stride),
            r2 = Vector256.Load(from + (2 * stride)),
            r3 = Vector256.Load(from + (3 * stride)),
            r4 = Vector256.Load(from + (4 * stride)),
            r5 = Vector256.Load(from + (5 * stride)),
            r6 = Vector256.Load(from + (6 * stride)),
            r7 = Vector256.Load(from + (7 * stride));
        Vector256<float> a0 = Avx.UnpackLow(r0, r1),
            a1 = Avx.UnpackHigh(r0, r1),
            a2 = Avx.UnpackLow(r2, r3),
            a3 = Avx.UnpackHigh(r2, r3),
            a4 = Avx.UnpackLow(r4, r5),
            a5 = Avx.UnpackHigh(r4, r5),
            a6 = Avx.UnpackLow(r6, r7),
            a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44),
            b1 = Avx.Shuffle(a0, a2, 0xEE),
            b2 = Avx.Shuffle(a1, a3, 0x44),
            b3 = Avx.Shuffle(a1, a3, 0xEE),
            b4 = Avx.Shuffle(a4, a6, 0x44),
            b5 = Avx.Shuffle(a4, a6, 0xEE),
            b6 = Avx.Shuffle(a5, a7, 0x44),
            b7 = Avx.Shuffle(a5, a7, 0xEE);
        Avx.Permute2x128(b0, b4, 0x20).Store(to);
        Avx.Permute2x128(b1, b5, 0x20).Store(to + toStride);
        Avx.Permute2x128(b2, b6, 0x20).Store(to + (2 * toStride));
        Avx.Permute2x128(b3, b7, 0x20).Store(to + (3 * toStride));
        Avx.Permute2x128(b0, b4, 0x31).Store(to + (4 * toStride));
        Avx.Permute2x128(b1, b5, 0x31).Store(to + (5 * toStride));
        Avx.Permute2x128(b2, b6, 0x31).Store(to + (6 * toStride));
        Avx.Permute2x128(b3, b7, 0x31).Store(to + (7 * toStride));
    }
}
