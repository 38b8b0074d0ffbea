using System.Buffers.Binary;
using FaceFusion.Batch.Contracts.Values;
using Microsoft.Win32.SafeHandles;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>
/// Key packets at which a decoder begins anew: nothing after an instantaneous decoder refresh (IDR) refers to anything before it. A
/// container's key flag says less: it is also set where open groups of pictures and intra refresh begin, whose first frames need what was
/// before. Only the packet itself tells, by the types of its NAL units (ITU-T H.264, table 7-1; H.265, table 7-1).
/// </summary>
internal static class DecoderRefreshes
{
    private const int LengthBytes = 4;

    /// <summary>Key packets have a few units before their slices; a file that has thousands is not worth the reads.</summary>
    private const int MostUnits = 256;

    /// <summary>Packets lie in the file as they are, each unit behind its length: so it is in MP4, and for these two.</summary>
    public static bool AreTold(VideoFormat format) =>
        format.Demuxer.Contains("mov", StringComparison.Ordinal) && format.Codec is "h264" or "hevc";

    /// <summary>PTS of those packets that begin anew, in the order given.</summary>
    /// <param name="path">The target; a file that only says so costs a later seek, never a wrong frame.</param>
    public static IEnumerable<long> Among(
        string path,
        string codec,
        IReadOnlyList<(long Pts, long Position, int Size)> packets
    )
    {
        using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        foreach ((long pts, long position, int size) in packets)
        {
            if (BeginsAnew(file, codec == "hevc", position, size))
            {
                yield return pts;
            }
        }
    }

    private static bool BeginsAnew(SafeFileHandle file, bool isHevc, long position, int size)
    {
        Span<byte> start = stackalloc byte[LengthBytes + 1];
        bool found = false;
        long end = position + size;
        for (int i = 0; i < MostUnits && position < end; i++)
        {
            if (position + start.Length > end || RandomAccess.Read(file, start, position) != start.Length)
            {
                return false;
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(start);
            int type = isHevc ? (start[LengthBytes] >> 1) & 0x3F : start[LengthBytes] & 0x1F;
            if (IsSlice(isHevc, type))
            {
                if (!IsRefresh(isHevc, type))
                {
                    return false;
                }

                found = true;
            }

            if (length == 0)
            {
                return false;
            }

            position += LengthBytes + length;
        }

        // Lengths that do not add up to the packet were none: units with another length field, or start codes.
        return found && position == end;
    }

    private static bool IsSlice(bool isHevc, int type) => isHevc ? type < 32 : type is >= 1 and <= 5;

    private static bool IsRefresh(bool isHevc, int type) => isHevc ? type is 19 or 20 : type == 5;
}
