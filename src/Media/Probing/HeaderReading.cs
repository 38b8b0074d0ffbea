using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>From ffprobe's answer on a file's header to what is in the file, or why it is refused.</summary>
internal static class HeaderReading
{
    /// <param name="head">Asked for the first frames once the header is found to be good; null: they are not looked at.</param>
    public static ProbedVideo Describe(
        FileInfo file,
        string? photo,
        JsonElement root,
        string errors,
        Func<IEnumerable<JsonElement>>? head
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
        JsonElement[] mixed = head is null ? [] : [.. head()];
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

    public static InvalidVideoException Encrypted() =>
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
