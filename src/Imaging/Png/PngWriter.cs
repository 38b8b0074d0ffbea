using System.Buffers.Binary;
using System.IO.Compression;

namespace FaceFusion.Batch.Imaging.Png;

/// <summary>Writes 8 bit RGB pictures as PNG (ISO/IEC 15948), without metadata.</summary>
public static class PngWriter
{
    private const int MaxSide = 32_768;
    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>The whole PNG file of <paramref name="rgb24"/>: height × width × (R, G, B), rows without padding.</summary>
    /// <exception cref="ArgumentException">The picture is empty, too large, or its bytes are too few.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> rgb24, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSide);
        ArgumentOutOfRangeException.ThrowIfLessThan(rgb24.Length, checked(3 * width * height), nameof(rgb24));

        using MemoryStream file = new();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a sample
        header[9] = 2; // RGB
        header[10..].Clear(); // deflate, the five standard filters, not interlaced
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(rgb24, 3 * width, height));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> rgb24, int stride, int height)
    {
        MemoryStream compressed = new();
        using (ZLibStream deflate = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] up = new byte[1 + stride];
            byte[] sub = new byte[1 + stride];
            byte[] blank = new byte[stride];
            for (int y = 0; y < height; y++)
            {
                ReadOnlySpan<byte> row = rgb24.Slice(y * stride, stride);
                ReadOnlySpan<byte> above = y == 0 ? blank : rgb24.Slice((y - 1) * stride, stride);
                long upCost = FilterUp(row, above, up);
                long subCost = FilterSub(row, sub);
                deflate.Write(upCost < subCost ? up : sub);
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    /// <summary>Each byte less the one above; returns the sum of magnitudes, which guesses the cost.</summary>
    private static long FilterUp(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> into)
    {
        into[0] = 2;
        long cost = 0;
        for (int i = 0; i < row.Length; i++)
        {
            byte difference = (byte)(row[i] - above[i]);
            into[i + 1] = difference;
            cost += Math.Abs((int)(sbyte)difference);
        }

        return cost;
    }

    /// <summary>Each byte less that of the pixel to its left.</summary>
    private static long FilterSub(ReadOnlySpan<byte> row, Span<byte> into)
    {
        into[0] = 1;
        long cost = 0;
        for (int i = 0; i < row.Length; i++)
        {
            byte difference = (byte)(row[i] - (i < 3 ? 0 : row[i - 3]));
            into[i + 1] = difference;
            cost += Math.Abs((int)(sbyte)difference);
        }

        return cost;
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        uint crc = Crc(Crc(0xFFFF_FFFF, type), content) ^ 0xFFFF_FFFF;
        BinaryPrimitives.WriteUInt32BigEndian(number, crc);
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return crc;
    }

    /// <summary>CRC-32 of ISO 3309, reflected polynomial 0xEDB88320.</summary>
    private static uint[] MakeCrcTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
