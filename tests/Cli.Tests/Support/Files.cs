using System.Diagnostics;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Cli.Tests.Support;

/// <summary>What is submitted.</summary>
internal static class Files
{
    private static readonly Lazy<string> Clip = new(Make);

    /// <summary>30 frames of 64 × 48 pixels, 11 KiB or more.</summary>
    public static string TinyClip => Clip.Value;

    public static string Photo => Footage.Path("audrey.jpg");

    private static string Make()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("ffb-clip-").FullName, "clip.mp4");
        string[] arguments =
        [
            .. "-v error -f lavfi -i testsrc=size=64x48:rate=25:duration=1.2".Split(' '),
            .. "-c:v libx264 -crf 4 -pix_fmt yuv420p -g 10".Split(' '),
            path,
        ];
        using var process = Process.Start("ffmpeg", arguments);
        process.WaitForExit();
        return process.ExitCode == 0 ? path : throw new InvalidOperationException("ffmpeg made no clip.");
    }
}
