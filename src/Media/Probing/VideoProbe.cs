using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Stills;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>The first look at a target: what it is, what will be kept, or why it is refused.</summary>
public sealed class VideoProbe(MediaTools tools)
{
    private static readonly string[] Header = ["-show_streams", "-show_format", "-show_chapters"];
    private static readonly string[] Head = ["-read_intervals", "%+#60", "-show_frames", "-show_packets"];

    /// <summary>Reads headers and decodes the first frames; does not read the whole file.</summary>
    /// <param name="path">Local path; its name and extension mean nothing.</param>
    /// <exception cref="InvalidVideoException">The target is refused; the code says why, the message what to do.</exception>
    public ProbedVideo Read(string path, CancellationToken cancellationToken = default)
    {
        FileInfo file = Existing(path);
        if (PhotoKind.DemuxerOf(path) is { } photo)
        {
            // Of its only stream both questions can be asked of one child.
            using JsonDocument picture = Ask(
                path,
                photo,
                [.. Header, .. Head],
                "read photo",
                cancellationToken,
                out ToolRun run
            );
            return Describe(file, photo, picture.RootElement, run.Errors, () => picture.RootElement);
        }

        // Most of a child's time is its start, so the two questions are asked at once; what the header says is heard first.
        using Beside<JsonDocument> head = new(() =>
            Ask(path, null, ["-select_streams", "V:0", .. Head], "read first frames", cancellationToken, out _)
        );
        using JsonDocument container = Ask(path, null, Header, "read header", cancellationToken, out ToolRun header);
        return Describe(file, null, container.RootElement, header.Errors, () => head.Result().RootElement);
    }

    /// <summary>
    /// What the header of a video says, for a file whose frames are known: nothing is decoded. What only frames tell of the format (HDR,
    /// fields that the container does not name) is not in it. A photo is read as by <see cref="Read"/>.
    /// </summary>
    /// <param name="path">As of <see cref="Read"/>.</param>
    /// <exception cref="InvalidVideoException">As of <see cref="Read"/>.</exception>
    public ProbedVideo ReadHeader(string path, CancellationToken cancellationToken = default)
    {
        FileInfo file = Existing(path);
        if (PhotoKind.DemuxerOf(path) is not null)
        {
            return Read(path, cancellationToken);
        }

        using JsonDocument container = Ask(path, null, Header, "read header", cancellationToken, out ToolRun header);
        return Describe(file, null, container.RootElement, header.Errors, null);
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

    /// <param name="head">Asked for the first frames once the header is found to be good; null: they are not looked at.</param>
    private static ProbedVideo Describe(
        FileInfo file,
        string? photo,
        JsonElement root,
        string errors,
        Func<JsonElement>? head
    )
    {
        List<ProbedStream> streams = [.. ProbeJson.Items(root, "streams").Select(StreamOf)];
        JsonElement video = ProbeJson
            .Items(root, "streams")
            .FirstOrDefault(s => ProbeJson.Text(s, "codec_type") == "video" && !IsPicture(s));
        if (video.ValueKind == JsonValueKind.Undefined)
        {
            throw new InvalidVideoException(
                "video-no-stream",
                "The target has no video stream: give a file with a picture."
            );
        }

        CheckSize(video, errors);
        CheckEncryption(video);
        JsonElement[] mixed = head is null ? [] : [.. ProbeJson.Items(head(), "packets_and_frames")];
        FormatReading reading = new(video, mixed, root.GetProperty("format"), photo);
        VideoFormat format = head is null ? reading.ReadHeader() : reading.Read();
        CheckTimeBase(format);
        reading.WarnOfStreams(streams, ProbeJson.Integer(video, "index"));
        return new ProbedVideo
        {
            Format = format,
            VideoStream = ProbeJson.Integer(video, "index"),
            Streams = streams,
            Chapters = ProbeJson.Items(root, "chapters").Count(),
            DurationSeconds = ProbeJson.Real(root.GetProperty("format"), "duration"),
            Bytes = file.Length,
            Warnings = reading.Warnings,
        };
    }

    /// <param name="photo">Demuxer of the photo; null: it is a video.</param>
    private JsonDocument Ask(
        string path,
        string? photo,
        string[] questions,
        string purpose,
        CancellationToken cancellationToken,
        out ToolRun run
    )
    {
        run = ChildTool.Capture(
            tools,
            MediaProgram.Ffprobe,
            [
                .. questions,
                "-of",
                "json=compact=1",
                .. InputRules.Open(path, photo ?? InputRules.VideoDemuxers, asPhoto: photo is not null),
            ],
            ToolLimits.Probing with
            {
                Purpose = purpose,
            },
            cancellationToken
        );
        if (run.ExitCode != 0)
        {
            throw ToolErrors.Opening(run.Errors, StartsLikeMp4(path));
        }

        if (run.Errors.Contains("exceeds specified max pixel", StringComparison.Ordinal))
        {
            throw ToolErrors.TooLarge(); // ffprobe refuses to decode it, says so, and ends well all the same.
        }

        try
        {
            return JsonDocument.Parse(run.Output);
        }
        catch (JsonException e)
        {
            throw new MediaToolException(
                "ffmpeg-broken",
                "ffprobe answered with something that is not JSON: check its installation.",
                isTransient: true,
                e
            );
        }
    }

    private static bool StartsLikeMp4(string path)
    {
        Span<byte> head = stackalloc byte[12];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(head, 12, throwOnEndOfStream: false) == 12 && head[4..8].SequenceEqual("ftyp"u8);
    }

    private static bool IsPicture(JsonElement stream) =>
        ProbeJson.Disposition(stream, "attached_pic") || ProbeJson.Disposition(stream, "timed_thumbnails");

    private static ProbedStream StreamOf(JsonElement stream)
    {
        StreamKind kind = ProbeJson.Text(stream, "codec_type") switch
        {
            "video" => StreamKind.Video,
            "audio" => StreamKind.Audio,
            "subtitle" => StreamKind.Subtitle,
            "attachment" => StreamKind.Attachment,
            _ => StreamKind.Other,
        };
        return new ProbedStream(
            ProbeJson.Integer(stream, "index"),
            kind,
            ProbeJson.Text(stream, "codec_name", "unknown"),
            kind == StreamKind.Video && IsPicture(stream),
            ProbeJson.Ratio(stream, "time_base"),
            ProbeJson.Tags(stream)
        );
    }

    private static void CheckSize(JsonElement video, string errors)
    {
        int width = ProbeJson.Integer(video, "width");
        int height = ProbeJson.Integer(video, "height");
        // Where the pixel limit stops the decoder before it knows the size, the size reads as zero.
        if ((long)width * height > InputRules.MaxPixels || (width == 0 && ToolErrors.SayTooLarge(errors)))
        {
            throw ToolErrors.TooLarge();
        }

        if (width < 16 || height < 16)
        {
            throw new InvalidVideoException(
                "video-not-readable",
                $"The target's picture is {width} × {height} pixels: nothing to see a face in; give another video."
            );
        }
    }

    private static void CheckEncryption(JsonElement video)
    {
        if (ProbeJson.Text(video, "codec_tag_string") is "encv" or "drmi")
        {
            throw Encrypted();
        }
    }

    internal static InvalidVideoException Encrypted() =>
        new("video-encrypted", "The target is encrypted (DRM): give a video without protection.");

    private static void CheckTimeBase(VideoFormat format)
    {
        Rational tick = format.TimeBase;
        if (format.IsStill)
        {
            return;
        }

        // The join places segments to the microsecond: exact for ticks of two or more, and for whole microseconds.
        bool exact = tick.Num > 0 && (tick.ToDouble() >= 2e-6 || 1_000_000L * tick.Num % tick.Den == 0);
        if (!exact)
        {
            throw new InvalidVideoException(
                "video-timestamps",
                $"The target's clock ticks {tick}, finer than can be kept: remux it with ffmpeg -i IN -c copy -video_track_timescale 90000 OUT.mp4."
            );
        }
    }
}
