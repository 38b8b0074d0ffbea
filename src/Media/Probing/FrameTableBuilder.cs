using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>A frame table and how it came about.</summary>
/// <param name="FromPackets">The container's packets could be trusted; else the whole target was decoded once.</param>
public sealed record BuiltFrameTable(FrameTable Table, bool FromPackets, IReadOnlyList<string> Warnings);

/// <summary>
/// Lists every displayed frame of the target. Packets are listed without decoding where the container can be trusted, which is then
/// checked on the first groups of pictures and on all key frames; any doubt leads to one full decode.
/// </summary>
public sealed class FrameTableBuilder(MediaTools tools)
{
    private const int HeadFrames = 300;

    /// <summary>The table of a still picture.</summary>
    public static FrameTable OneFrame(VideoFormat format) => new(format.TimeBase, [0], [0], 0);

    /// <exception cref="InvalidVideoException">
    /// <c>video-truncated</c>, <c>video-timestamps</c>, <c>video-size-changes</c>, <c>video-no-frames</c>.
    /// </exception>
    public BuiltFrameTable Build(string path, ProbedVideo video, CancellationToken cancellationToken = default)
    {
        VideoFormat format = video.Format;
        if (format.IsStill)
        {
            return new BuiltFrameTable(OneFrame(format), true, []);
        }

        using Beside<DecodedList>? head = HasIndex(format)
            ? new(() => Decode(path, format, [], HeadFrames, "check first frames", cancellationToken))
            : null;
        PacketList packets = ListPackets(path, video, cancellationToken);
        bool trusted =
            head is not null && packets.CanBeTrusted && FramesAgree(path, format, packets, head, cancellationToken);
        DecodedList? decoded = trusted
            ? null
            : Decode(path, format, [], int.MaxValue, "list frames", cancellationToken);
        FrameTable table = decoded is null
            ? new FrameTable(format.TimeBase, packets.Shown(), packets.Keys(), format.ContainerStart)
            {
                CleanStarts = packets.CleanStarts(path, format),
            }
            : FromDecoded(format, decoded, packets);
        List<string> warnings = [];
        if (table.Moved > 0)
        {
            warnings.Add(
                $"{table.Moved} frames share a timestamp with the frame before; each is moved by the least possible tick."
            );
        }

        return new BuiltFrameTable(table, trusted, warnings);
    }

    private static bool HasIndex(VideoFormat format) =>
        format.Demuxer.Contains("mov", StringComparison.Ordinal)
        || format.Demuxer.Contains("matroska", StringComparison.Ordinal);

    private PacketList ListPackets(string path, ProbedVideo video, CancellationToken cancellationToken)
    {
        PacketList packets = new();
        ToolRun run = ChildTool.CaptureLines(
            tools,
            MediaProgram.Ffprobe,
            [
                "-select_streams",
                "V:0",
                "-show_entries",
                PacketList.Entries,
                "-of",
                "csv=p=0",
                .. InputRules.Open(path, video.Format.Demuxer),
            ],
            ToolLimits.Probing with
            {
                Purpose = "list packets",
            },
            packets.Add,
            cancellationToken
        );
        bool cut =
            run.ExitCode != 0
            || run.Errors.Contains("partial file", StringComparison.OrdinalIgnoreCase)
            || run.Errors.Contains("ended prematurely", StringComparison.OrdinalIgnoreCase)
            || (video.Format.Demuxer.Contains("mov", StringComparison.Ordinal) && Mp4Boxes.EndEarly(path));
        if (cut)
        {
            throw Truncated(packets.Count);
        }

        return packets;
    }

    private bool FramesAgree(
        string path,
        VideoFormat format,
        PacketList packets,
        Beside<DecodedList> head,
        CancellationToken cancellationToken
    )
    {
        long[] shown = packets.Shown();
        // Where nearly all frames are key frames, looking at them all would be the full decode; where the target ends within the first
        // frames, they have been looked at.
        using Beside<DecodedList>? keys =
            shown.Length >= HeadFrames && packets.Keys().Length <= shown.Length / 4
                ? new(() =>
                    Decode(path, format, ["-skip_frame", "nokey"], int.MaxValue, "check key frames", cancellationToken)
                )
                : null;
        if (!head.Result().Pts.SequenceEqual(shown.Take(HeadFrames)))
        {
            return false;
        }

        HashSet<long> known = [.. shown];
        return keys is null || keys.Result().Pts.TrueForAll(known.Contains);
    }

    private DecodedList Decode(
        string path,
        VideoFormat format,
        string[] decoderOptions,
        int frames,
        string purpose,
        CancellationToken cancellationToken
    )
    {
        DecodedList decoded = new(format);
        List<string> arguments =
        [
            .. InputRules.Fences(format.Demuxer),
            .. decoderOptions,
            // Only timestamps and sizes are looked at; smoothing the blocks' edges changes neither.
            "-skip_loop_filter",
            "all",
            "-noautorotate",
            "-copyts",
            "-i",
            InputRules.FileUrl(path),
            "-map",
            "0:V:0",
            "-vf",
            "showinfo=checksum=0",
            "-fps_mode",
            "passthrough",
            "-frames:v",
            $"{frames}",
            "-f",
            "null",
            "pipe:1",
        ];
        ToolRun run = ChildTool.CaptureLines(
            tools,
            MediaProgram.Ffmpeg,
            arguments,
            ToolLimits.Decoding((long)format.Width * format.Height * 6) with
            {
                Purpose = purpose,
            },
            static _ => { },
            cancellationToken,
            decoded.Add
        );
        decoded.ThrowIfSizeChanged();
        if (run.ExitCode != 0)
        {
            throw ToolErrors.Decoding(run.Errors);
        }

        decoded.CutTo(frames);
        return decoded;
    }

    private static FrameTable FromDecoded(VideoFormat format, DecodedList decoded, PacketList packets)
    {
        if (decoded.WithoutPts > 0)
        {
            throw new InvalidVideoException(
                "video-timestamps",
                "The target has frames without a timestamp: remux it into MP4 first, for example with ffmpeg -i IN -c copy OUT.mp4."
            );
        }

        // Packets know the key frames best; where they carry no timestamps, the decoder's word must do.
        long[] keys = packets.HasAllPts ? packets.Keys() : [.. decoded.Keys.Order().Distinct()];
        return new FrameTable(format.TimeBase, [.. decoded.Pts], keys, format.ContainerStart);
    }

    private static InvalidVideoException Truncated(int packets) =>
        new("video-truncated", $"The target is cut off after about {packets} frames: get a whole copy.");
}
