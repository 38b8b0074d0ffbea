using System.Globalization;
using System.Text;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Encoding;
using FaceFusion.Batch.Media.Probing;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Media.Assembling;

/// <summary>ffmpeg's arguments for one join.</summary>
internal static class JoinScript
{
    /// <summary>
    /// The list for ffmpeg's concat demuxer. Durations are differences of rounded start times, not rounded differences: rounding each
    /// on its own would add up to a tick within a hundred segments.
    /// </summary>
    public static string ConcatList(JoinOrder order, IReadOnlyList<string> names)
    {
        StringBuilder list = new("ffconcat version 1.0\n");
        for (int i = 0; i < names.Count; i++)
        {
            list.Append(CultureInfo.InvariantCulture, $"file {names[i]}\n");
            if (i + 1 < names.Count)
            {
                FrameRange range = order.Segments[i].Range;
                long microseconds = Microseconds(order.Table, range.End) - Microseconds(order.Table, range.Start);
                list.Append(
                    CultureInfo.InvariantCulture,
                    $"duration {microseconds / 1_000_000}.{microseconds % 1_000_000:D6}\n"
                );
            }
        }

        return list.ToString();
    }

    public static IEnumerable<string> Arguments(
        MediaTools tools,
        JoinOrder order,
        ProbedVideo video,
        ResultContainer container,
        string listPath,
        string outputPath
    )
    {
        VideoFormat format = video.Format;
        FrameTable table = order.Table;
        double first = (double)table.Pts[0] * table.TimeBase.Num / table.TimeBase.Den;
        List<string> arguments = [];
        if (format.Rotation != 0 && tools.Version.Major >= 6)
        {
            // Counter-clockwise, as the older tag below.
            arguments.AddRange(["-display_rotation:v:0", Text(360 - format.Rotation)]);
        }

        arguments.AddRange(["-itsoffset", Seconds(first - format.ContainerStart)]);
        arguments.AddRange(["-protocol_whitelist", "file", "-format_whitelist", "concat,mov,mp4"]);
        arguments.AddRange(["-f", "concat", "-safe", "1", "-i", InputRules.FileUrl(listPath)]);
        arguments.AddRange(["-itsoffset", Seconds(-format.ContainerStart)]);
        arguments.AddRange(InputRules.Open(order.Target, format.Demuxer));
        arguments.AddRange(["-map", "0:v:0"]);
        arguments.AddRange(Streams(video, container));
        arguments.AddRange(["-map_metadata", "1", "-map_chapters", "1", "-copyts"]);
        arguments.AddRange(VideoTags(tools, video));
        if (container.Muxer != "matroska")
        {
            int timescale = SegmentWriter.TrackTimescale(format.TimeBase);
            arguments.AddRange(["-video_track_timescale", Text(timescale), "-movie_timescale", Text(timescale)]);
            arguments.AddRange(["-movflags", "+faststart"]);
        }

        arguments.AddRange(["-f", container.Muxer, "-y", InputRules.FileUrl(outputPath)]);
        return arguments;
    }

    /// <summary>A still's only segment, converted to the wanted kind of picture.</summary>
    public static IEnumerable<string> StillArguments(string segmentPath, ResultContainer container, string outputPath)
    {
        string[] encoder = container.Muxer switch
        {
            "png" => ["-c:v", "png"],
            "mjpeg" =>
            [
                "-vf",
                "scale=out_color_matrix=bt601:out_range=pc:flags=accurate_rnd+full_chroma_int,format=yuvj444p",
                "-c:v",
                "mjpeg",
                "-q:v",
                "2",
            ],
            _ => ["-c:v", "libwebp", "-quality", "95"],
        };
        return
        [
            .. InputRules.Open(segmentPath, "png_pipe", asPhoto: true),
            .. encoder,
            "-frames:v",
            "1",
            "-f",
            container.Muxer == "libwebp" ? "webp" : "image2pipe",
            "-y",
            InputRules.FileUrl(outputPath),
        ];
    }

    private static IEnumerable<string> Streams(ProbedVideo video, ResultContainer container)
    {
        List<string> maps = [];
        List<string> codecs = ["-c", "copy"];
        int subtitle = 0;
        int picture = 1;
        foreach (ProbedStream stream in container.Kept(video))
        {
            maps.AddRange(["-map", $"1:{stream.Index}"]);
            if (stream.Kind == StreamKind.Subtitle)
            {
                codecs.AddRange([$"-c:s:{subtitle++}", container.SubtitleCodec(stream.Codec) ?? "copy"]);
            }
            else if (stream.Kind == StreamKind.Video)
            {
                codecs.AddRange([$"-disposition:v:{picture++}", "attached_pic"]);
            }
        }

        return maps.Concat(codecs);
    }

    private static List<string> VideoTags(MediaTools tools, ProbedVideo video)
    {
        List<string> tags = [];
        IReadOnlyDictionary<string, string> known = video.Streams.First(s => s.Index == video.VideoStream).Tags;
        foreach (string name in (string[])["language", "title", "handler_name", "timecode", "creation_time"])
        {
            if (known.TryGetValue(name, out string? value))
            {
                tags.AddRange(["-metadata:s:v:0", $"{name}={value}"]);
            }
        }

        if (video.Format.Rotation != 0 && tools.Version.Major < 6)
        {
            tags.AddRange(["-metadata:s:v:0", $"rotate={360 - video.Format.Rotation}"]);
        }

        return tags;
    }

    private static long Microseconds(FrameTable table, int frame)
    {
        // Rounded to nearest in whole numbers: doubles would lose the last digit in long films.
        Int128 ticks = (Int128)(table.Pts[frame] - table.Pts[0]) * table.TimeBase.Num * 1_000_000;
        return (long)((ticks + (table.TimeBase.Den / 2)) / table.TimeBase.Den);
    }

    private static string Seconds(double seconds) => seconds.ToString("F6", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
