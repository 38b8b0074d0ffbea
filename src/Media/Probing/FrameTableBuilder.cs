using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Decoding;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>A frame table and how it came about.</summary>
/// <param name="FromPackets">The container's packets could be trusted; else the whole target was decoded once.</param>
public sealed record BuiltFrameTable(FrameTable Table, bool FromPackets, IReadOnlyList<string> Warnings);

/// <summary>
/// Lists every displayed frame of the target. Packets are listed without decoding where the container can be trusted, which is then
/// checked on the first frames, and on all key frames where the scan will not see every frame; any doubt leads to one full decode.
/// </summary>
public sealed class FrameTableBuilder(MediaTools tools)
{
    /// <summary>The table of a still picture.</summary>
    public static FrameTable OneFrame(VideoFormat format) => new(format.TimeBase, [0], [0], 0);

    /// <summary>Reads a video that was only probed so far.</summary>
    /// <exception cref="InvalidVideoException">As of the other one, and of <see cref="VideoProbe.Read"/>.</exception>
    public BuiltFrameTable Build(string path, ProbedVideo video, CancellationToken cancellationToken = default) =>
        video.Format.IsStill
            ? new BuiltFrameTable(OneFrame(video.Format), true, [])
            : Build(path, new VideoProbe(tools).ReadWhole(path, cancellationToken), cancellationToken);

    /// <param name="path">The file that was listed.</param>
    /// <exception cref="InvalidVideoException">
    /// <c>video-truncated</c>, <c>video-timestamps</c>, <c>video-size-changes</c>, <c>video-no-frames</c>.
    /// </exception>
    public BuiltFrameTable Build(string path, ListedVideo listed, CancellationToken cancellationToken = default)
    {
        VideoFormat format = listed.Video.Format;
        if (format.IsStill)
        {
            return new BuiltFrameTable(OneFrame(format), true, []);
        }

        PacketList packets = listed.Packets;
        if (listed.IsCut || (IsMp4(format) && Mp4Boxes.EndEarly(path)))
        {
            throw Truncated(packets.Count);
        }

        bool trusted =
            !listed.IsDistrusted
            && HasIndex(format)
            && packets.CanBeTrusted
            && listed.Head is { } head
            && head.Agree(packets)
            && KeyFramesAgree(path, format, packets, head, cancellationToken);
        DecodedList? decoded = trusted ? null : Decode(path, format, [], "list frames", cancellationToken);
        FrameTable table = decoded is null
            ? new FrameTable(format.TimeBase, packets.Shown(), packets.Keys(), format.ContainerStart)
            {
                CleanStarts = packets.CleanStarts(path, format),
            }
            : FromDecoded(format, decoded, packets);
        List<string> warnings = [];
        if (decoded is not null && packets.CanBeTrusted && packets.Shown().Length != table.Count)
        {
            warnings.Add(
                $"The target's container lists {packets.Shown().Length} frames and a decoder gives {table.Count}: the result has {table.Count}."
            );
        }

        if (table.Moved > 0)
        {
            warnings.Add(
                $"{table.Moved} frames share a timestamp with the frame before; each is moved by the least possible tick."
            );
        }

        return new BuiltFrameTable(table, trusted, warnings);
    }

    private static bool IsMp4(VideoFormat format) => format.Demuxer.Contains("mov", StringComparison.Ordinal);

    private static bool HasIndex(VideoFormat format) =>
        IsMp4(format) || format.Demuxer.Contains("matroska", StringComparison.Ordinal);

    private bool KeyFramesAgree(
        string path,
        VideoFormat format,
        PacketList packets,
        FirstFrames head,
        CancellationToken cancellationToken
    )
    {
        long[] shown = packets.Shown();
        // A scan that decodes every frame finds what is wrong with any; where the target ends within the first frames, they have been
        // looked at; and where nearly all frames are key frames, looking at them all would be the full decode.
        if (
            SparseFrameReader.DecodesAll(format, shown.Length, packets.ShownKeys)
            || head.AreAll(packets)
            || packets.Keys().Length > shown.Length / 4
        )
        {
            return true;
        }

        // As many as there are key packets: each of them is a picture by itself, whatever its timestamp was made of.
        DecodedList keys = Decode(path, format, KeyFrames.Options, "check key frames", cancellationToken);
        if (keys.Pts.Count == packets.ShownKeys)
        {
            return true;
        }

        // Decoders and containers may call different frames key frames; then it is the decoder's that must be among those listed.
        HashSet<long> known = [.. shown];
        return Decode(path, format, ["-skip_frame", "nokey"], "check key frames", cancellationToken)
            .Pts.TrueForAll(known.Contains);
    }

    private DecodedList Decode(
        string path,
        VideoFormat format,
        string[] decoderOptions,
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
