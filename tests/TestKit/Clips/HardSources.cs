namespace FaceFusion.Batch.TestKit.Clips;

/// <summary>The kinds of video on which frame counting, seeking and joining usually go wrong. Made on first use, kept in artifacts/clips.</summary>
public static class HardSources
{
    private static readonly string[] X264 = ["-c:v", "libx264", "-preset", "superfast", "-pix_fmt", "yuv420p"];

    // Uneven distances between frames and one long hole, as screen recorders and phones write them.
    private const string Uneven =
        "settb=1/90000,setpts='N*3003+if(eq(mod(N,3),1),700,0)-if(eq(mod(N,7),2),900,0)+if(gte(N,110),45000,0)'";

    /// <summary>All recipes, by name.</summary>
    public static IReadOnlyList<ClipRecipe> All { get; } =
    [
        Mp4("h264-closed-gop", [.. X264, "-g", "30", "-bf", "2", "-x264-params", "open-gop=0"]),
        Mp4("h264-open-gop", [.. X264, "-g", "24", "-bf", "3", "-x264-params", "open-gop=1:scenecut=0"]),
        Mp4("h264-long-gop", [.. X264, "-g", "1000", "-bf", "3"]),
        Mp4("h264-negative-cts", [.. X264, "-g", "30", "-bf", "3"]) with
        {
            Container = ["-movflags", "negative_cts_offsets"],
        },
        Mp4("h264-intra-refresh", [.. X264, "-g", "30", "-x264-params", "intra-refresh=1:bframes=0"]),
        Mp4("h264-422-10bit", ["-c:v", "libx264", "-preset", "superfast", "-pix_fmt", "yuv422p10le", "-g", "30"]),
        Mp4("h264-film-rate", [.. X264, "-g", "48", "-bf", "2"]) with
        {
            Rate = "24000/1001",
        },
        Mp4("hevc-10bit-open-gop", [.. X265("open-gop=1:keyint=24:bframes=3")]),
        Mp4(
            "hevc-hdr10",
            [
                .. X265(
                    "keyint=30:hdr10=1:repeat-headers=1:max-cll=1000,400:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
                ),
                "-color_range",
                "tv",
                "-colorspace",
                "bt2020nc",
                "-color_primaries",
                "bt2020",
                "-color_trc",
                "smpte2084",
            ]
        ),
        new()
        {
            Name = "vp9-webm",
            Extension = ".webm",
            Video = [.. Vp9],
            Audio = ["-c:a", "libopus", "-b:a", "64k"],
        },
        Mp4("av1", ["-c:v", "libsvtav1", "-preset", "12", "-crf", "35", "-g", "48", "-pix_fmt", "yuv420p"]),
        new()
        {
            Name = "prores-mov",
            Extension = ".mov",
            ResultExtension = ".mov",
            Video = ["-c:v", "prores_ks", "-profile:v", "0", "-pix_fmt", "yuv422p10le"],
            Audio = ["-c:a", "pcm_s16le"],
        },
        new()
        {
            Name = "mjpeg-full-range",
            Extension = ".mov",
            ResultExtension = ".mov",
            Video = ["-vf", "scale=out_range=pc", "-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"],
            Audio = ["-c:a", "pcm_s16le"],
        },
        Ts("mpeg2-ts", ["-c:v", "mpeg2video", "-b:v", "3M", "-g", "15", "-bf", "2"], ["-c:a", "mp2"]),
        Ts(
            "h264-ts-open-gop",
            [.. X264, "-g", "24", "-bf", "3", "-x264-params", "open-gop=1:scenecut=0"],
            ["-c:a", "aac"]
        ),
        Ts("h264-ts-cut-mid-gop", [.. X264, "-g", "40", "-bf", "2"], ["-c:a", "aac"]) with
        {
            CutStart = 0.2,
        },
        new()
        {
            Name = "mpeg2-program-stream",
            Extension = ".mpg",
            Video = ["-c:v", "mpeg2video", "-b:v", "3M", "-g", "15", "-bf", "2"],
            Audio = ["-c:a", "mp2"],
            Container = ["-f", "dvd"],
        },
        Mp4(
            "vfr-mp4",
            ["-vf", Uneven, "-fps_mode", "passthrough", "-enc_time_base", "1/90000", .. X264, "-g", "30", "-bf", "2"]
        ) with
        {
            Container = ["-video_track_timescale", "90000"],
        },
        new()
        {
            Name = "vfr-mkv",
            Extension = ".mkv",
            Video =
            [
                "-vf",
                Uneven,
                "-fps_mode",
                "passthrough",
                "-enc_time_base",
                "1/90000",
                .. X264,
                "-g",
                "30",
                "-bf",
                "2",
            ],
        },
        new()
        {
            Name = "shared-timestamps-mkv",
            Extension = ".mkv",
            Video =
            [
                "-vf",
                "settb=1/1000,setpts='N*33-if(eq(mod(N,5),4),33,0)'",
                "-fps_mode",
                "passthrough",
                "-enc_time_base",
                "1/1000",
                "-c:v",
                "ffv1",
                "-pix_fmt",
                "yuv420p",
            ],
        },
        Mp4("edit-list", [.. X264, "-g", "60", "-bf", "2"]) with
        {
            Second = ["-ss", "1.3", "-i", "{0}", "-c", "copy"],
        },
        Mp4(
            "late-video",
            ["-fps_mode", "passthrough", "-enc_time_base", "1/30000", .. X264, "-g", "30", "-bf", "2"]
        ) with
        {
            BeforePicture = ["-itsoffset", "0.52"],
        },
        new()
        {
            Name = "mpeg4-avi",
            Extension = ".avi",
            Video = ["-c:v", "mpeg4", "-q:v", "4", "-g", "30", "-pix_fmt", "yuv420p"],
            Audio = ["-c:a", "libmp3lame"],
        },
        new()
        {
            Name = "h264-avi",
            Extension = ".avi",
            ResultExtension = ".mov",
            Video = [.. X264, "-g", "30", "-bf", "0"],
            Audio = ["-c:a", "pcm_s16le"],
        },
        Mp4("fragmented-mp4", [.. X264, "-g", "30", "-bf", "2"]) with
        {
            Container = ["-movflags", "frag_keyframe+empty_moov"],
        },
        Mp4("interlaced", ["-vf", "setfield=tff", .. X264, "-g", "30", "-bf", "2", "-flags", "+ildct+ilme"]),
        Mp4("rotated", [.. X264, "-g", "30", "-bf", "2"]) with
        {
            Second = ["-i", "{0}", "-c", "copy", "-metadata:s:v:0", "rotate=90"],
        },
        new()
        {
            Name = "odd-size",
            Extension = ".webm",
            Width = 321,
            Height = 181,
            Video = [.. Vp9],
            Audio = ["-c:a", "libopus", "-b:a", "64k"],
        },
        Mp4("wide-pixels", ["-vf", "setsar=64/45", .. X264, "-g", "30", "-bf", "2"]),
        new()
        {
            Name = "many-streams",
            Extension = ".mkv",
            FirstExtension = ".mp4",
            Video = [.. X264, "-g", "30", "-bf", "2"],
            Second =
            [
                "-i",
                "{0}",
                "-f",
                "lavfi",
                "-i",
                "sine=f=880:r=44100:d=7",
                "-i",
                "{dir}/subtitles.srt",
                "-i",
                "{dir}/chapters.txt",
                "-map",
                "0:v",
                "-map",
                "0:a",
                "-map",
                "1:a",
                "-map",
                "2:s",
                "-map_metadata",
                "3",
                "-map_chapters",
                "3",
                "-c",
                "copy",
                "-c:a:1",
                "ac3",
                "-c:s",
                "srt",
                "-metadata:s:a:1",
                "language=fra",
            ],
        },
    ];

    /// <summary>Path of the clip of that name.</summary>
    public static string Path(string name) => ClipMaker.Get(Recipe(name));

    public static ClipRecipe Recipe(string name) => All.First(r => r.Name == name);

    private static string[] Vp9 =>
        [
            "-c:v",
            "libvpx-vp9",
            "-deadline",
            "realtime",
            "-cpu-used",
            "8",
            "-b:v",
            "800k",
            "-g",
            "48",
            "-pix_fmt",
            "yuv420p",
        ];

    private static string[] X265(string parameters) =>
        [
            "-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-pix_fmt",
            "yuv420p10le",
            "-tag:v",
            "hvc1",
            "-x265-params",
            "log-level=error:" + parameters,
        ];

    private static ClipRecipe Mp4(string name, string[] video) =>
        new()
        {
            Name = name,
            Extension = ".mp4",
            Video = video,
        };

    private static ClipRecipe Ts(string name, string[] video, string[] audio) =>
        new()
        {
            Name = name,
            Extension = ".ts",
            Video = video,
            Audio = audio,
        };
}
