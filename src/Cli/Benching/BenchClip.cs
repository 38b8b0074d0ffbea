using System.Diagnostics;
using System.Globalization;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.Cli.Benching;

/// <summary>The clips and the photo of a benchmark, out of ffmpeg's own test pictures; and what ffmpeg alone does with them.</summary>
internal sealed class BenchClip(MediaTools tools, string folder)
{
    /// <summary>30 frames a second of moving patterns with noise, H.264, a key frame every 2 seconds.</summary>
    public string Make(BenchSize size, int frames)
    {
        string path = Path.Combine(folder, $"{size.Name}-{frames}.mp4");
        if (!File.Exists(path))
        {
            string source = string.Create(
                CultureInfo.InvariantCulture,
                $"testsrc2=size={size.Width}x{size.Height}:rate=30,noise=alls=3:allf=t,format=yuv420p"
            );
            Run([
                "-f",
                "lavfi",
                "-i",
                source,
                "-frames:v",
                $"{frames}",
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-crf",
                "20",
                "-g",
                "60",
                path,
            ]);
        }

        return path;
    }

    /// <summary>A clip without noise, repeated packet by packet until it has <paramref name="frames"/> frames: as quick as a copy.</summary>
    /// <param name="loop">Frames of the clip.</param>
    public string Loop(BenchSize size, int loop, int frames)
    {
        string path = Path.Combine(folder, $"{size.Name}-loop-{frames}.mp4");
        string part = Path.Combine(folder, $"{size.Name}-loop.mp4");
        string source = string.Create(
            CultureInfo.InvariantCulture,
            $"testsrc2=size={size.Width}x{size.Height}:rate=30,format=yuv420p"
        );
        // Without B-frames the packets of the next turn follow on those of the one before.
        Run(["-f", "lavfi", "-i", source, "-frames:v", $"{loop}", "-c:v", "libx264", "-bf", "0", "-g", "60", part]);
        Run(["-stream_loop", "-1", "-i", part, "-c", "copy", "-frames:v", $"{frames}", path]);
        return path;
    }

    public string Photo()
    {
        string path = Path.Combine(folder, "photo.png");
        Run(["-f", "lavfi", "-i", "testsrc2=size=512x512:rate=1", "-frames:v", "1", path]);
        return path;
    }

    /// <summary>
    /// <c>ffmpeg decode | ffmpeg encode</c>: the frames go through a pipe from one child to the other and this process sees none of them.
    /// </summary>
    /// <param name="preset">Null: the second one throws the frames away.</param>
    /// <returns>Seconds, with the start of both.</returns>
    public double Pipe(string clip, BenchSize size, string? preset, int crf)
    {
        string output = Path.Combine(folder, "pipe.mp4");
        string sink = preset is null ? "-f null -" : "-c:v libx264 -preset \"$5\" -crf \"$6\" \"$4\"";
        // A shell of its own joins the two, as a user would: whoever copied from pipe to pipe would be measured, too.
        string script =
            "\"$0\" -nostdin -v error -i \"$1\" -f rawvideo -pix_fmt yuv420p - | "
            + $"\"$0\" -nostdin -v error -y -f rawvideo -pix_fmt yuv420p -video_size \"$2\" -framerate \"$3\" -i - {sink}";
        ProcessStartInfo start = new("/bin/sh");
        foreach (
            string argument in (string[])
                [
                    "-c",
                    script,
                    tools.FfmpegPath,
                    clip,
                    $"{size.Width}x{size.Height}",
                    "30",
                    output,
                    preset ?? "",
                    $"{crf}",
                ]
        )
        {
            start.ArgumentList.Add(argument);
        }

        long begin = Stopwatch.GetTimestamp();
        using Process shell = Process.Start(start)!;
        shell.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return shell.ExitCode == 0
            ? seconds
            : throw new MediaToolException(
                "ffmpeg-failed",
                $"ffmpeg could not decode and encode {clip}: see what it says above.",
                isTransient: false
            );
    }

    private void Run(string[] arguments)
    {
        ToolRun run = ChildTool.Capture(
            tools,
            MediaProgram.Ffmpeg,
            ["-y", .. arguments],
            ToolLimits.Encoding(1920 * 1080 * 2),
            default
        );
        if (run.ExitCode != 0)
        {
            throw new MediaToolException(
                "ffmpeg-failed",
                $"ffmpeg could not make the clip of the benchmark: {run.Errors.Trim()}",
                isTransient: false
            );
        }
    }
}
