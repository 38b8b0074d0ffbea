using System.Buffers.Binary;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>
/// The top-level boxes of an MP4 or MOV file (ISO/IEC 14496-12, section 4.2): enough to see that the file ends before its last box does.
/// ffprobe notices a cut only where it falls inside a packet that it has to seek to.
/// </summary>
internal static class Mp4Boxes
{
    private const int MostBoxes = 1_000_000;
    private const int HeaderBytes = 16;

    /// <summary>True if a box says that it reaches beyond the end of the file.</summary>
    public static bool EndEarly(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderBytes];
        long position = 0;
        for (int i = 0; i < MostBoxes && position < file.Length; i++)
        {
            file.Position = position;
            int count = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
            if (count < 8)
            {
                return true;
            }

            ulong size = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (size == 0)
            {
                return false; // By definition: to the end of the file.
            }

            if (size == 1)
            {
                // 1 stands for a 64-bit size behind the type.
                if (count < HeaderBytes)
                {
                    return true;
                }

                size = BinaryPrimitives.ReadUInt64BigEndian(header[8..]);
            }

            if (size < 8)
            {
                return false; // Not boxes any more: what follows is for the demuxer to judge.
            }

            if (size > (ulong)(file.Length - position))
            {
                return true;
            }

            position += (long)size;
        }

        return false;
    }
}
