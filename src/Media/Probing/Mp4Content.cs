using System.Buffers.Binary;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>Boxes within a box of an MP4 file, and the tables in them.</summary>
internal static class Mp4Content
{
    /// <summary>Version, flags and whatever else stands before a count, the count, and so many entries to the last byte.</summary>
    public static bool IsTable(ReadOnlySpan<byte> content, int before, int entryBytes, out int count)
    {
        count = content.Length >= before ? (int)Math.Min(int.MaxValue, Word(content, before - 4)) : 0;
        return content.Length >= before && content.Length == before + ((long)count * entryBytes);
    }

    /// <summary>Four bytes, big end first.</summary>
    public static uint Word(ReadOnlySpan<byte> content, int place) =>
        BinaryPrimitives.ReadUInt32BigEndian(content[place..]);

    /// <summary>How many boxes of a type there are, and the content of the last; -1: these are no boxes.</summary>
    public static int Find(ReadOnlySpan<byte> boxes, ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content)
    {
        content = default;
        int found = 0;
        while (!boxes.IsEmpty)
        {
            uint size = boxes.Length < 8 ? 0 : Word(boxes, 0);
            if (size < 8 || size > boxes.Length)
            {
                return -1;
            }

            if (boxes[4..8].SequenceEqual(type))
            {
                content = boxes[8..(int)size];
                found++;
            }

            boxes = boxes[(int)size..];
        }

        return found;
    }
}
