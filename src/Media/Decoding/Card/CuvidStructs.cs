using System.Runtime.InteropServices;

namespace FaceFusion.Batch.Media.Decoding.Card;

/// <summary>
/// What NVIDIA's decoder takes and gives, as far as it is used here, at the places where 64-bit Linux has it (NVDECODE API, from version 9
/// on; what is not named is reserved and zero). <see cref="CuvidApi"/> says what each is for.
/// </summary>
internal static class CuvidStructs
{
    public const int H264 = 4;
    public const int Hevc = 8;
    public const int Chroma420 = 1;

    /// <summary>What a parser is told when it is made.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 136)]
    internal struct ParserParameters
    {
        [FieldOffset(0)]
        public int Codec;

        /// <summary>Replaced by what the callback of a sequence returns.</summary>
        [FieldOffset(4)]
        public uint DecodeSurfaces;

        /// <summary>Percent of a damaged picture at which it is not decoded any more.</summary>
        [FieldOffset(12)]
        public uint ErrorThreshold;

        /// <summary>Pictures that are handed to the decoder before one is asked for: they keep it busy.</summary>
        [FieldOffset(16)]
        public uint DisplayDelay;

        [FieldOffset(48)]
        public nint OnSequence;

        [FieldOffset(56)]
        public nint OnDecode;

        [FieldOffset(64)]
        public nint OnDisplay;
    }

    /// <summary>What a parser reads from the headers of a sequence.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    internal struct Sequence
    {
        [FieldOffset(0)]
        public int Codec;

        [FieldOffset(13)]
        public byte LumaBitsMinus8;

        [FieldOffset(14)]
        public byte ChromaBitsMinus8;

        /// <summary>So many pictures the decoder must be able to keep.</summary>
        [FieldOffset(15)]
        public byte FewestSurfaces;

        [FieldOffset(16)]
        public uint CodedWidth;

        [FieldOffset(20)]
        public uint CodedHeight;

        [FieldOffset(24)]
        public int Left;

        [FieldOffset(28)]
        public int Top;

        [FieldOffset(32)]
        public int Right;

        [FieldOffset(36)]
        public int Bottom;

        [FieldOffset(40)]
        public int Chroma;
    }

    /// <summary>What a decoder is made of. The output is NV12 and fields are woven where these are zero.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 176)]
    internal struct DecoderParameters
    {
        [FieldOffset(0)]
        public ulong Width;

        [FieldOffset(8)]
        public ulong Height;

        [FieldOffset(16)]
        public ulong DecodeSurfaces;

        [FieldOffset(24)]
        public int Codec;

        [FieldOffset(28)]
        public int Chroma;

        [FieldOffset(56)]
        public ulong MostWidth;

        [FieldOffset(64)]
        public ulong MostHeight;

        [FieldOffset(80)]
        public short Left;

        [FieldOffset(82)]
        public short Top;

        [FieldOffset(84)]
        public short Right;

        [FieldOffset(86)]
        public short Bottom;

        [FieldOffset(96)]
        public ulong TargetWidth;

        [FieldOffset(104)]
        public ulong TargetHeight;

        /// <summary>Pictures that may be mapped at a time.</summary>
        [FieldOffset(112)]
        public ulong OutputSurfaces;
    }

    /// <summary>A picture whose turn to be shown has come.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    internal struct Shown
    {
        [FieldOffset(0)]
        public int Picture;

        [FieldOffset(4)]
        public int IsProgressive;

        [FieldOffset(8)]
        public int TopFieldFirst;

        [FieldOffset(16)]
        public long Timestamp;
    }

    /// <summary>A packet for the parser.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 32)]
    internal struct Packet
    {
        public const ulong EndOfStream = 1;
        public const ulong HasTimestamp = 2;

        /// <summary>It is one whole picture, so that none waits for the next packet's beginning.</summary>
        public const ulong EndOfPicture = 8;

        [FieldOffset(0)]
        public ulong Flags;

        [FieldOffset(8)]
        public ulong Size;

        [FieldOffset(16)]
        public nint Payload;

        [FieldOffset(24)]
        public long Timestamp;
    }

    /// <summary>How a picture is to be mapped.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 264)]
    internal struct Mapping
    {
        [FieldOffset(0)]
        public int IsProgressive;

        [FieldOffset(8)]
        public int TopFieldFirst;

        [FieldOffset(56)]
        public nint Stream;
    }

    /// <summary>How decoding of a picture ended.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    internal struct Status
    {
        public const int Success = 2;
        public const int Error = 8;
        public const int ErrorConcealed = 9;

        [FieldOffset(0)]
        public int Value;
    }

    /// <summary>A copy of rows between a card and the machine's own memory (CUDA driver API).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    internal struct Copy
    {
        public const int Host = 1;
        public const int Device = 2;

        [FieldOffset(16)]
        public int FromKind;

        [FieldOffset(32)]
        public ulong FromDevice;

        [FieldOffset(48)]
        public ulong FromPitch;

        [FieldOffset(72)]
        public int ToKind;

        [FieldOffset(80)]
        public nint ToHost;

        [FieldOffset(104)]
        public ulong ToPitch;

        [FieldOffset(112)]
        public ulong RowBytes;

        [FieldOffset(120)]
        public ulong Rows;
    }
}
