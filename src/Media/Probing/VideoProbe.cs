using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Stills;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>The first look at a target: what it is, what will be kept, or why it is refused.</summary>
public sealed class VideoProbe(MediaTools tools)
{
    private static readonly string[] Header = ["-show_streams", "-show_format", "-show_chapters"];
    private readonly ProbeChild _child = new(tools);

    /// <summary>Reads headers and decodes the first frames; does not read the whole file.</summary>
    /// <param name="path">Local path; its name and extension mean nothing.</param>
    /// <exception cref="InvalidVideoException">The target is refused; the code says why, the message what to do.</exception>
    public ProbedVideo Read(string path, CancellationToken cancellationToken = default)
    {
        FileInfo file = Existing(path);
        if (PhotoKind.DemuxerOf(path) is { } photo)
        {
            return ReadPhoto(file, photo, cancellationToken);
        }

        // Most of a child's time is its start, so the two questions are asked at once; what the header says is heard first.
        using Beside<JsonDocument> head = new(() => AskFirst(path, ToolLimits.Probing, cancellationToken));
        ToolLimits limits = ToolLimits.Probing with { Purpose = "read header" };
        using JsonDocument container = _child.Ask(path, null, Header, limits, cancellationToken, out ToolRun run);
        return HeaderReading.Describe(file, null, container.RootElement, run.Errors, () => Mixed(head.Result()));
    }

    /// <summary>
    /// All that a frame table is made of: the header and every packet, asked of one child, and beside them so many first frames that the
    /// packets can be held against them.
    /// </summary>
    /// <param name="path">As of <see cref="Read"/>.</param>
    /// <exception cref="InvalidVideoException">As of <see cref="Read"/>.</exception>
    public ListedVideo ReadWhole(string path, CancellationToken cancellationToken = default)
    {
        FileInfo file = Existing(path);
        if (PhotoKind.DemuxerOf(path) is { } photo)
        {
            return new ListedVideo(ReadPhoto(file, photo, cancellationToken), new PacketList(), false, null);
        }

        using Beside<JsonDocument> head = new(() => AskFirst(path, FirstFrames.Limits, cancellationToken));
        using HeaderAndPackets listed = _child.AskForPackets(path, "list packets", cancellationToken, out ToolRun run);
        ProbedVideo video = HeaderReading.Describe(file, null, listed.Header, run.Errors, () => Mixed(head.Result()));
        return new ListedVideo(
            video,
            listed.PacketsOf(video.VideoStream),
            ProbeChild.IsCut(run),
            new FirstFrames(Mixed(head.Result()), video.Format)
        );
    }

    /// <summary>
    /// The header of a video whose frames are known, and its packets: nothing is decoded. What only frames tell of the format (HDR,
    /// fields that the container does not name) is not in it.
    /// </summary>
    /// <exception cref="InvalidVideoException">As of <see cref="Read"/>.</exception>
    internal ListedVideo ReadPackets(string path, string purpose, CancellationToken cancellationToken)
    {
        FileInfo file = Existing(path);
        using HeaderAndPackets listed = _child.AskForPackets(path, purpose, cancellationToken, out ToolRun run);
        ProbedVideo video = HeaderReading.Describe(file, null, listed.Header, run.Errors, null);
        return new ListedVideo(video, listed.PacketsOf(video.VideoStream), ProbeChild.IsCut(run), null);
    }

    private static FileInfo Existing(string path)
    {
        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new InvalidVideoException(
                "video-missing",
                $"There is no file {Path.GetFileName(path)}: check the path."
            );
        }

        return file.Length > 0
            ? file
            : throw new InvalidVideoException("video-empty", "The target is an empty file: give a video.");
    }

    private ProbedVideo ReadPhoto(FileInfo file, string photo, CancellationToken cancellationToken)
    {
        // Of its only stream both questions can be asked of one child.
        using JsonDocument picture = _child.Ask(
            file.FullName,
            photo,
            [.. Header, .. FirstFrames.Questions(FirstFrames.Packets)],
            ToolLimits.Probing with
            {
                Purpose = "read photo",
            },
            cancellationToken,
            out ToolRun run
        );
        return HeaderReading.Describe(file, photo, picture.RootElement, run.Errors, () => Mixed(picture));
    }

    private JsonDocument AskFirst(string path, ToolLimits limits, CancellationToken cancellationToken)
    {
        int packets = FirstFrames.Packets;
        while (true)
        {
            JsonDocument head = _child.Ask(
                path,
                null,
                ["-select_streams", "V:0", .. FirstFrames.Questions(packets)],
                limits with
                {
                    Purpose = "read first frames",
                },
                cancellationToken,
                out _
            );
            if (FirstFrames.Instead(Mixed(head), packets) is not int more)
            {
                return head;
            }

            head.Dispose();
            packets = more;
        }
    }

    private static IEnumerable<JsonElement> Mixed(JsonDocument head) =>
        ProbeJson.Items(head.RootElement, "packets_and_frames");
}
