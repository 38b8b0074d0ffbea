using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Scenes;

/// <summary>Whole numbers: any width of vector gives the same.</summary>
public static partial class LumaThumbnail
{
    /// <summary>Four rows at a time, so that their sums are read and written once, and memory is asked for more than one of them.</summary>
    private static unsafe void AddRows(byte* row, int count, nint apart, Span<ushort> sums)
    {
        fixed (ushort* into = sums)
        {
            for (; count >= 4 && Lanes.Fast; count -= 4, row += 4 * apart)
            {
                AddFour(row, apart, into, sums.Length);
            }
        }

        for (; count > 0; count--, row += apart)
        {
            AddScalar(new ReadOnlySpan<byte>(row, sums.Length), sums, 0);
        }
    }

    private static unsafe void AddFour(byte* row, nint apart, ushort* sums, int width)
    {
        int x = 0;
        for (; x <= width - Vector256<byte>.Count; x += Vector256<byte>.Count)
        {
            byte* at = row + x;
            (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(Vector256.Load(at));
            for (int i = 1; i < 4; i++)
            {
                at += apart;
                (Vector256<ushort> l, Vector256<ushort> h) = Vector256.Widen(Vector256.Load(at));
                low += l;
                high += h;
            }

            (Vector256.Load(sums + x) + low).Store(sums + x);
            (Vector256.Load(sums + x + 16) + high).Store(sums + x + 16);
        }

        for (int i = 0; i < 4; i++)
        {
            AddScalar(new ReadOnlySpan<byte>(row + (i * apart), width), new Span<ushort>(sums, width), x);
        }
    }

    private static void Add(ReadOnlySpan<ushort> samples, int shift, Span<ushort> sums)
    {
        int x = 0;
        if (Lanes.Fast)
        {
            Vector256<ushort> most = Vector256.Create<ushort>(255);
            for (; x <= samples.Length - Vector256<ushort>.Count; x += Vector256<ushort>.Count)
            {
                Vector256<ushort> bytes = Vector256.Min(
                    Vector256.ShiftRightLogical(Vector256.Create(samples[x..]), shift),
                    most
                );
                (Vector256.Create<ushort>(sums[x..]) + bytes).CopyTo(sums[x..]);
            }
        }

        AddScalar(samples, shift, sums, x);
    }
}
