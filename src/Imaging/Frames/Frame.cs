using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Imaging.Frames;

/// <summary>One frame's planes in 64-byte aligned native memory. Rented from a <see cref="FramePool"/>; exactly one owner at a time.</summary>
public sealed unsafe class Frame
{
    /// <summary>Readable bytes behind the last plane: kernels load four bytes at the place of the last sample.</summary>
    private const int Slack = 64;

    private byte* _memory;

    internal Frame(FrameFormat format)
    {
        Format = format;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(format.FrameBytes + Slack), 64);
        GC.AddMemoryPressure(format.FrameBytes);
    }

    public FrameFormat Format { get; }

    /// <summary>Absolute frame number in the target.</summary>
    public int Number { get; set; }

    /// <summary>The whole frame as ffmpeg's rawvideo.</summary>
    public Span<byte> Bytes => new(_memory, Format.FrameBytes);

    /// <summary>Plane 0 (Y), 1 (U) or 2 (V), rows without padding.</summary>
    public Span<byte> Plane(int plane) =>
        plane switch
        {
            0 => Bytes[..Format.LumaBytes],
            1 => Bytes.Slice(Format.LumaBytes, Format.ChromaBytes),
            2 => Bytes.Slice(Format.LumaBytes + Format.ChromaBytes, Format.ChromaBytes),
            _ => throw new ArgumentOutOfRangeException(nameof(plane)),
        };

    /// <summary><see cref="Plane"/> of a frame with more than 8 bits, as samples.</summary>
    public Span<ushort> Plane16(int plane) => MemoryMarshal.Cast<byte, ushort>(Plane(plane));

    internal void Free()
    {
        if (_memory is not null)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
            GC.RemoveMemoryPressure(Format.FrameBytes);
        }
    }
}
