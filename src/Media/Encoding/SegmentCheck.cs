using System.Buffers.Text;
using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Encoding;

/// <summary>Reads a finished segment back: frame count, every timestamp, the encoder's header and the file's hash.</summary>
internal static class SegmentCheck
{
    public static SegmentFacts Run(
        MediaTools tools,
        string path,
        VideoFormat format,
        FrameTable table,
        FrameRange range,
        CancellationToken cancellationToken
    )
    {
        // Its own tables say it all; a file that is not of the plain kind is asked about, which is the start of a child more.
        SegmentTables segment = SegmentTables.Read(path) ?? Ask(tools, path, cancellationToken);
        IReadOnlyList<long> pts = segment.Pts;
        Rational timeBase = segment.TimeBase;
        if (pts.Count != range.Length)
        {
            throw NotExact($"it has {pts.Count} frames instead of {range.Length}");
        }

        for (int i = 0; i < pts.Count; i++)
        {
            Int128 found = (Int128)(pts[i] - pts[0]) * timeBase.Num * format.TimeBase.Den;
            Int128 wanted =
                (Int128)(table.Pts[range.Start + i] - table.Pts[range.Start]) * format.TimeBase.Num * timeBase.Den;
            if (found != wanted)
            {
                throw NotExact($"frame {range.Start + i} has another timestamp");
            }
        }

        if (segment.HeaderSha256.Length == 0)
        {
            throw NotExact("it has no encoder header");
        }

        return new SegmentFacts(
            pts.Count,
            new FileInfo(path).Length,
            FileHash.Of(path, cancellationToken),
            segment.HeaderSha256
        );
    }

    /// <summary>The same by ffprobe's word.</summary>
    internal static SegmentTables Ask(MediaTools tools, string path, CancellationToken cancellationToken)
    {
        List<long> pts = [];
        string header = "";
        Rational timeBase = new(0, 1);
        ToolRun run = ChildTool.CaptureLines(
            tools,
            MediaProgram.Ffprobe,
            [
                "-select_streams",
                "v:0",
                "-show_data_hash",
                "sha256",
                "-show_entries",
                "packet=pts:stream=time_base,extradata_hash",
                "-of",
                "csv",
                .. InputRules.Open(path, "mov,mp4"),
            ],
            ToolLimits.Probing with
            {
                Purpose = "read segment back",
            },
            Take,
            cancellationToken
        );
        if (run.ExitCode != 0)
        {
            throw NotExact("it cannot be read back");
        }

        pts.Sort();
        return new SegmentTables(timeBase, pts, header);

        void Take(ReadOnlySpan<byte> line)
        {
            // "packet,1001" or "stream,1/30000,SHA256:…"
            if (line.StartsWith("packet,"u8))
            {
                if (Utf8Parser.TryParse(line[7..], out long value, out _))
                {
                    pts.Add(value);
                }
            }
            else if (line.StartsWith("stream,"u8))
            {
                string[] fields = System.Text.Encoding.ASCII.GetString(line).Split(',');
                string[] tick = fields[1].Split('/');
                timeBase = new Rational(int.Parse(tick[0]), int.Parse(tick[1]));
                header = fields.Length > 2 ? fields[2].Split(':')[^1].ToLowerInvariant() : "";
            }
        }
    }

    /// <summary>A still's segment is one PNG; its header says nothing, so the format's name stands for it.</summary>
    public static SegmentFacts OfStill(string path, CancellationToken cancellationToken) =>
        new(
            1,
            new FileInfo(path).Length,
            FileHash.Of(path, cancellationToken),
            Convert.ToHexStringLower(SHA256.HashData("png"u8))
        );

    private static MediaToolException NotExact(string why) =>
        new(
            "segment-not-exact",
            $"The encoded segment is not exact ({why}): it will be made again.",
            isTransient: true
        );
}
