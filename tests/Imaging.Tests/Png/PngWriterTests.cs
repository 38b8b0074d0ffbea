using System.Buffers.Binary;
using System.IO.Compression;
using FaceFusion.Batch.Imaging.Png;

namespace FaceFusion.Batch.Imaging.Tests.Png;

public sealed class PngWriterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(17, 5)]
    [InlineData(64, 33)]
    public void Encode_Noise_ReadsBackByteForByte(int width, int height)
    {
        byte[] rgb = new byte[3 * width * height];
        new Random(3).NextBytes(rgb);
        Assert.Equal(rgb, Decode(PngWriter.Encode(rgb, width, height), width, height));
    }

    [Fact]
    public void Encode_Gradient_IsSmall()
    {
        byte[] rgb = new byte[3 * 256 * 256];
        for (int i = 0; i < rgb.Length; i++)
        {
            rgb[i] = (byte)(i / 3 % 256);
        }

        byte[] png = PngWriter.Encode(rgb, 256, 256);
        Assert.True(png.Length < 3000, $"{png.Length} bytes");
        Assert.Equal(rgb, Decode(png, 256, 256));
    }

    [Fact]
    public void Encode_SizeThatDoesNotFit_IsRefused()
    {
        Assert.ThrowsAny<ArgumentException>(() => PngWriter.Encode(new byte[11], 2, 2));
        Assert.ThrowsAny<ArgumentException>(() => PngWriter.Encode([], 0, 2));
        Assert.ThrowsAny<ArgumentException>(() => PngWriter.Encode(new byte[12], 40_000, 2));
    }

    /// <summary>A reader of just what the format says, checksums included.</summary>
    private static byte[] Decode(byte[] png, int width, int height)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        MemoryStream compressed = new();
        int at = 8;
        while (at < png.Length)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            string type = System.Text.Encoding.ASCII.GetString(png, at + 4, 4);
            ReadOnlySpan<byte> content = png.AsSpan(at + 8, length);
            uint crc = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length));
            Assert.Equal(Crc(png.AsSpan(at + 4, 4 + length)), crc);
            if (type == "IHDR")
            {
                Assert.Equal(width, BinaryPrimitives.ReadInt32BigEndian(content));
                Assert.Equal(height, BinaryPrimitives.ReadInt32BigEndian(content[4..]));
                Assert.Equal([8, 2, 0, 0, 0], content[8..].ToArray());
            }
            else if (type == "IDAT")
            {
                compressed.Write(content);
            }

            at += 12 + length;
        }

        compressed.Position = 0;
        using ZLibStream inflate = new(compressed, CompressionMode.Decompress);
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++)
        {
            int filter = inflate.ReadByte();
            Span<byte> row = rgb.AsSpan(3 * width * y, 3 * width);
            inflate.ReadExactly(row);
            for (int i = 0; i < row.Length; i++)
            {
                byte up = y == 0 ? (byte)0 : rgb[(3 * width * (y - 1)) + i];
                byte left = i < 3 ? (byte)0 : row[i - 3];
                row[i] += filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    _ => throw new InvalidDataException($"filter {filter}"),
                };
            }
        }

        Assert.Equal(-1, inflate.ReadByte());
        return rgb;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFF_FFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
