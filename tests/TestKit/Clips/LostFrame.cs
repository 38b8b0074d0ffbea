using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.TestKit.Clips;

/// <summary>A video whose packets promise a frame that no decoder gives.</summary>
public static class LostFrame
{
    private const byte Filler = 12;

    /// <summary>Copies an H.264 video in MP4; of one of its packets nothing is left but filler (ITU-T H.264, table 7-1).</summary>
    /// <param name="number">The frame, in display order; later ones should not refer to it.</param>
    public static void Make(MediaTools tools, string path, int number, string into)
    {
        ToolRun run = ChildTool.Capture(
            tools,
            MediaProgram.Ffprobe,
            ["-select_streams", "V:0", "-show_entries", "packet=pts,size,pos", "-of", "csv=p=0", "-i", path],
            ToolLimits.Probing,
            CancellationToken.None
        );
        long[] packet = Encoding
            .ASCII.GetString(run.Output)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(','))
            .Select(static fields => fields.Take(3).Select(f => long.Parse(f, CultureInfo.InvariantCulture)).ToArray())
            .OrderBy(static fields => fields[0])
            .ElementAt(number);
        byte[] bytes = File.ReadAllBytes(path);
        Span<byte> units = bytes.AsSpan((int)packet[2], (int)packet[1]);
        while (!units.IsEmpty)
        {
            units[4] = Filler;
            units = units[(4 + BinaryPrimitives.ReadInt32BigEndian(units))..];
        }

        File.WriteAllBytes(into, bytes);
    }
}
