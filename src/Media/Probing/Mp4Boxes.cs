using System.Buffers.Binary;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>
/// The top-level boxes of an MP4 or MOV file (ISO/IEC 14496-12, section 4.2): enough to see that the file ends before its last box does.
/// ffprobe notices a cut only where it falls inside a packet that it has to seek to.
/// </summary>
internal static class Mp4Boxes
{
    private const int MostBoxes = 1_000_000;
    private const int MostListed = 64;
    private const int HeaderBytes = 16;

    /// <summary>A box and where its content lies in the file.</summary>
    /// <param name="End">One behind its last byte.</param>
    public readonly record struct Box(string Type, long Start, long End);

    private enum Step
    {
        Whole,
        Open,
        Cut,
        NoBox,
    }

    /// <summary>True if a box says that it reaches beyond the end of the file.</summary>
    public static bool EndEarly(string path)
    {
        using FileStream file = File.OpenRead(path);
        long position = 0;
        for (int i = 0; i < MostBoxes && position < file.Length; i++)
        {
            Step step = Next(file, position, out Box box);
            if (step != Step.Whole)
            {
                // What is no box any more is for the demuxer to judge.
                return step == Step.Cut;
            }

            position = box.End;
        }

        return false;
    }

    /// <summary>All boxes, if they say where they end and fill the file to its last byte.</summary>
    public static bool TryList(string path, out IReadOnlyList<Box> boxes)
    {
        using FileStream file = File.OpenRead(path);
        List<Box> found = [];
        boxes = found;
        long position = 0;
        while (position < file.Length)
        {
            if (found.Count == MostListed || Next(file, position, out Box box) != Step.Whole)
            {
                return false;
            }

            found.Add(box);
            position = box.End;
        }

        return true;
    }

    private static Step Next(FileStream file, long position, out Box box)
    {
        box = default;
        Span<byte> header = stackalloc byte[HeaderBytes];
        file.Position = position;
        int count = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        if (count < 8)
        {
            return Step.Cut;
        }

        int length = 8;
        ulong size = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (size == 0)
        {
            return Step.Open; // By definition: to the end of the file.
        }

        if (size == 1)
        {
            // 1 stands for a 64-bit size behind the type.
            if (count < HeaderBytes)
            {
                return Step.Cut;
            }

            length = HeaderBytes;
            size = BinaryPrimitives.ReadUInt64BigEndian(header[8..]);
        }

        if (size < (ulong)length)
        {
            return Step.NoBox;
        }

        if (size > (ulong)(file.Length - position))
        {
            return Step.Cut;
        }

        box = new Box(System.Text.Encoding.Latin1.GetString(header[4..8]), position + length, position + (long)size);
        return Step.Whole;
    }
}
