using System.Diagnostics;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>A 30-frame video with sound, made once per test run.</summary>
internal static class TinyClip
{
    private static readonly Lazy<string> Made = new(Make);

    public static string FullPath => Made.Value;

    private static string Make()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("ffb-clip-").FullName, "clip.mp4");
        ProcessStartInfo start = new(Desk.Tools.Value.FfmpegPath) { RedirectStandardError = true };
        string[] arguments =
        [
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc=size=64x48:rate=25:duration=1.2",
            "-f",
            "lavfi",
            "-i",
            "sine=duration=1.2",
            "-c:v",
            "libx264",
            "-pix_fmt",
            "yuv420p",
            "-g",
            "10",
            "-c:a",
            "aac",
            path,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        return path;
    }
}
