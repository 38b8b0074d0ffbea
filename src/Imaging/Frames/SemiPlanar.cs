using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FaceFusion.Batch.Imaging.Frames;

/// <summary>Frames as decoders of graphics cards give them (NV12): a plane of luma, and one in which U and V take turns.</summary>
public static class SemiPlanar
{
    /// <summary>Copies a frame of 8 bits and 4:2:0 out of memory that is not managed.</summary>
    /// <param name="memory">Rows of luma without padding and, right behind them, rows of U and V in turn: <c>into.Format.FrameBytes</c> bytes.</param>
    public static unsafe void Read(nint memory, Frame into)
    {
        ReadOnlySpan<byte> luma = new((void*)memory, into.Format.LumaBytes);
        luma.CopyTo(into.Plane(0));
        Split(
            new ReadOnlySpan<byte>((byte*)memory + luma.Length, 2 * into.Format.ChromaBytes),
            into.Plane(1),
            into.Plane(2)
        );
    }

    /// <summary>Deals the samples of 8 bits at even places into <paramref name="u"/>, those at odd ones into <paramref name="v"/>.</summary>
    /// <exception cref="ArgumentException">Lengths do not fit each other.</exception>
    public static void Split(ReadOnlySpan<byte> interleaved, Span<byte> u, Span<byte> v)
    {
        if (u.Length != v.Length || interleaved.Length != 2 * u.Length)
        {
            throw new ArgumentException("U and V are half as long as both together.", nameof(interleaved));
        }

        int done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref byte from = ref MemoryMarshal.GetReference(interleaved);
            int width = Vector256<byte>.Count;
            Vector256<ushort> low = Vector256.Create((ushort)0xFF);
            for (; done <= u.Length - width; done += width)
            {
                Vector256<ushort> first = Vector256.LoadUnsafe(ref from, (nuint)(2 * done)).AsUInt16();
                Vector256<ushort> second = Vector256.LoadUnsafe(ref from, (nuint)((2 * done) + width)).AsUInt16();
                Vector256.Narrow(first & low, second & low).CopyTo(u[done..]);
                Vector256.Narrow(first >> 8, second >> 8).CopyTo(v[done..]);
            }
        }

        SplitScalar(interleaved[(2 * done)..], u[done..], v[done..]);
    }

    /// <summary>The specification, sample by sample.</summary>
    internal static void SplitScalar(ReadOnlySpan<byte> interleaved, Span<byte> u, Span<byte> v)
    {
        for (int i = 0; i < u.Length; i++)
        {
            u[i] = interleaved[2 * i];
            v[i] = interleaved[(2 * i) + 1];
        }
    }
}
