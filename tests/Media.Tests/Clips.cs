using System.Buffers.Binary;
using System.IO.Compression;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Tests;

/// <summary>Small special files, made where a test needs them.</summary>
internal static class Clips
{
    public static MediaTools Tools { get; } = MediaTools.Locate();

    /// <summary>Runs ffmpeg; the last argument is the file to make.</summary>
    public static string Make(params string[] arguments)
    {
        ToolRun run = ChildTool.Capture(
            Tools,
            MediaProgram.Ffmpeg,
            ["-y", .. arguments],
            ToolLimits.Encoding(1 << 20),
            TestContext.Current.CancellationToken
        );
        Assert.True(run.ExitCode == 0, run.Errors);
        return arguments[^1];
    }

    /// <summary>A picture that is small on disk and huge in memory.</summary>
    public static string PngBomb(string path, int width, int height)
    {
        using FileStream file = File.Create(path);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8; // bits; colour type 0 is grey
        WriteChunk(file, "IHDR", header);
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] row = new byte[width + 1];
            for (int y = 0; y < height; y++)
            {
                zlib.Write(row);
            }
        }

        WriteChunk(file, "IDAT", packed.ToArray());
        WriteChunk(file, "IEND", []);
        return path;
    }

    private static void WriteChunk(FileStream file, string type, byte[] content)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. content];
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(named));
        file.Write(number);
    }

    private static uint Crc32(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
            }
        }

        return ~crc;
    }
}
