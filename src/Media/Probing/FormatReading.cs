using System.Globalization;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>From ffprobe's answer on one video stream and its first frames to a <see cref="VideoFormat"/> and the warnings about it.</summary>
internal sealed class FormatReading(
    JsonElement video,
    JsonElement[] packetsAndFrames,
    JsonElement container,
    string? photo
)
{
    private readonly List<string> _warnings = [];

    public IReadOnlyList<string> Warnings => _warnings;

    public VideoFormat Read()
    {
        JsonElement frame = packetsAndFrames.FirstOrDefault(e => ProbeJson.Text(e, "type") == "frame");
        if (SideData().Any(s => ProbeJson.Text(s, "side_data_type").StartsWith("Encryption", StringComparison.Ordinal)))
        {
            throw HeaderReading.Encrypted();
        }

        if (frame.ValueKind == JsonValueKind.Undefined)
        {
            throw new InvalidVideoException(
                "video-not-readable",
                "The target's first frames cannot be decoded: it is damaged, or its codec is unknown to this ffmpeg."
            );
        }

        return photo is null ? ReadVideo(frame) : ReadPhoto(frame, photo);
    }

    /// <summary>By the word of the container alone.</summary>
    public VideoFormat ReadHeader() => ReadVideo(video);

    /// <summary>Notes the streams that are not copied into any result.</summary>
    public void WarnOfStreams(IEnumerable<ProbedStream> streams, int chosen)
    {
        foreach (ProbedStream stream in streams)
        {
            if (stream.Kind == StreamKind.Other)
            {
                _warnings.Add($"Stream {stream.Index} ({stream.Codec} data) is not kept.");
            }
            else if (stream.Kind == StreamKind.Video && stream.Index != chosen && !stream.IsPicture)
            {
                _warnings.Add(
                    $"Stream {stream.Index} is a second video ({stream.Codec}); only stream {chosen} is kept."
                );
            }
        }
    }

    private VideoFormat ReadVideo(JsonElement frame)
    {
        PipeFormat pipe = PipeFormat.For(ProbeJson.Text(frame, "pix_fmt", ProbeJson.Text(video, "pix_fmt")));
        if (pipe.Warning is not null)
        {
            _warnings.Add(pipe.Warning);
        }

        Rational rate = ProbeJson.Ratio(video, "avg_frame_rate");
        if (rate.Num == 0)
        {
            rate = ProbeJson.Ratio(video, "r_frame_rate");
        }

        Rational aspect = ProbeJson.Ratio(video, "sample_aspect_ratio");
        string demuxer = ProbeJson.Text(container, "format_name");
        if (demuxer.Contains("matroska", StringComparison.Ordinal))
        {
            _warnings.Add("MKV and WebM count time in milliseconds: the result has the same millisecond timestamps.");
        }

        HdrMetadata hdr = HdrMetadata.Read(SideData());
        _warnings.AddRange(hdr.Warnings);
        return new VideoFormat
        {
            Width = ProbeJson.Integer(frame, "width"),
            Height = ProbeJson.Integer(frame, "height"),
            PixelFormat = pipe.Name,
            TimeBase = ProbeJson.Ratio(video, "time_base"),
            FrameRate = rate.Num == 0 ? new Rational(25, 1) : rate,
            SampleAspectRatio = aspect.Num == 0 ? new Rational(1, 1) : aspect,
            Rotation = ReadRotation(),
            FieldOrder = FieldOrderOf(frame),
            ColorRange =
                pipe.IsFromRgb ? "tv"
                : pipe.IsFullRange ? "pc"
                : Tag(frame, "color_range"),
            ColorSpace = pipe.IsFromRgb ? "smpte170m" : Tag(frame, "color_space"),
            ColorTransfer = Tag(frame, "color_transfer"),
            ColorPrimaries = Tag(frame, "color_primaries"),
            ChromaLocation = Tag(frame, "chroma_location", "unspecified"),
            MasteringDisplay = hdr.MasteringDisplay,
            ContentLightLevel = hdr.ContentLightLevel,
            ContainerStart = ProbeJson.Real(container, "start_time"),
            Demuxer = demuxer,
            Codec = ProbeJson.Text(video, "codec_name", "unknown"),
        };
    }

    private VideoFormat ReadPhoto(JsonElement frame, string demuxer)
    {
        // Upright by its EXIF orientation while it is read, so the size may be turned.
        bool turned = ReadRotation() is 90 or 270;
        int width = ProbeJson.Integer(frame, "width");
        int height = ProbeJson.Integer(frame, "height");
        return new VideoFormat
        {
            Width = turned ? height : width,
            Height = turned ? width : height,
            PixelFormat = "yuv444p",
            TimeBase = new Rational(1, 25),
            FrameRate = new Rational(25, 1),
            ColorRange = "pc",
            ColorSpace = "smpte170m",
            ChromaLocation = "center",
            Demuxer = demuxer,
            IsStill = true,
            Codec = ProbeJson.Text(video, "codec_name", "unknown"),
        };
    }

    private string FieldOrderOf(JsonElement frame)
    {
        string order = ProbeJson.Text(video, "field_order", "unknown");
        if (order != "unknown")
        {
            return order;
        }

        return ProbeJson.Integer(frame, "interlaced_frame") == 0 ? "progressive"
            : ProbeJson.Integer(frame, "top_field_first") == 1 ? "tt"
            : "bb";
    }

    private int ReadRotation()
    {
        // ffprobe calls it one way on streams and another on frames.
        JsonElement display = SideData()
            .FirstOrDefault(s => ProbeJson.Text(s, "side_data_type") is "Display Matrix" or "3x3 displaymatrix");
        if (display.ValueKind == JsonValueKind.Undefined)
        {
            return 0;
        }

        int degrees = ((-ProbeJson.Integer(display, "rotation") % 360) + 360) % 360;
        if (photo is null && (degrees % 90 != 0 || IsMirrored(ProbeJson.Text(display, "displaymatrix"))))
        {
            throw new InvalidVideoException(
                "video-rotation",
                "The target is shown mirrored or turned by an odd angle: bake that in first, for example with ffmpeg -i IN -c:a copy OUT.mp4."
            );
        }

        return degrees;
    }

    private static bool IsMirrored(string matrix)
    {
        // Three rows "00000000:       0   65536       0"; mirrored where the determinant of the 2 × 2 part is negative.
        long[] numbers =
        [
            .. matrix
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(row =>
                    row[(row.IndexOf(':', StringComparison.Ordinal) + 1)..]
                        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                )
                .Select(n => long.Parse(n, CultureInfo.InvariantCulture)),
        ];
        return numbers.Length == 9 && (numbers[0] * numbers[4]) - (numbers[1] * numbers[3]) < 0;
    }

    private string Tag(JsonElement frame, string name, string otherwise = "unknown")
    {
        string tag = ProbeJson.Text(frame, name, ProbeJson.Text(video, name, otherwise));
        return tag is "" or "reserved" or "unspecified" ? otherwise : tag;
    }

    private IEnumerable<JsonElement> SideData() =>
        packetsAndFrames.Prepend(video).SelectMany(e => ProbeJson.Items(e, "side_data_list"));
}
