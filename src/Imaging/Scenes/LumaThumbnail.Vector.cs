using System.Runtime.Intrinsics;
using FaceFusion.Batch.Imaging.Frames;

namespace FaceFusion.Batch.Imaging.Scenes;

/// <summary>Whole numbers: any width of vector gives the same.</summary>
public static partial class LumaThumbnail
{
    private static void Add(ReadOnlySpan<byte> samples, Span<ushort> sums)
    {
        int x = 0;
        if (Lanes.Fast)
        {
            for (; x <= samples.Length - Vector256<byte>.Count; x += Vector256<byte>.Count)
            {
                (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(Vector256.Create(samples[x..]));
                (Vector256.Create<ushort>(sums[x..]) + low).CopyTo(sums[x..]);
                (Vector256.Create<ushort>(sums[(x + 16)..]) + high).CopyTo(sums[(x + 16)..]);
            }
        }

        AddScalar(samples, sums, x);
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
