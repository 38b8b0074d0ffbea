using System.Diagnostics;
using System.Globalization;

namespace FaceFusion.Batch.Faults.Tests.Checking;

/// <summary>What ffprobe and ffmpeg say of a video, without any code of the product.</summary>
internal sealed record VideoFacts
{
    /// <summary>Time base of the picture and the PTS of each decoded frame in it, in display order.</summary>
    public required string[] FrameTimes { get; init; }

    /// <summary>MD5 of each decoded frame.</summary>
    public required string[] FrameHashes { get; init; }

    /// <summary>PTS and size of each audio packet, and the SHA-256 of them all.</summary>
    public required string[] Audio { get; init; }

    public static VideoFacts Of(string path) =>
        new()
        {
            FrameTimes = Lines(
                Ask(
                    "ffprobe",
                    "-v",
                    "error",
                    "-select_streams",
                    "V:0",
                    "-show_entries",
                    "stream=time_base:frame=pts",
                    "-of",
                    "csv=p=0",
                    path
                )
            ),
            FrameHashes =
            [
                .. Lines(
                        Ask(
                            "ffmpeg",
                            "-nostdin",
                            "-v",
                            "error",
                            "-i",
                            path,
                            "-map",
                            "0:V:0",
                            "-fps_mode",
                            "passthrough",
                            "-f",
                            "framehash",
                            "-hash",
                            "md5",
                            "-"
                        )
                    )
                    .Where(line => line[0] != '#')
                    .Select(line => line.Split(',')[^1].Trim()),
            ],
            Audio =
            [
                .. Lines(
                    Ask(
                        "ffprobe",
                        "-v",
                        "error",
                        "-select_streams",
                        "a",
                        "-show_entries",
                        "stream=time_base:packet=pts,size",
                        "-of",
                        "csv=p=0",
                        path
                    )
                ),
                Ask(
                    "ffmpeg",
                    "-nostdin",
                    "-v",
                    "error",
                    "-i",
                    path,
                    "-map",
                    "0:a",
                    "-c",
                    "copy",
                    "-f",
                    "streamhash",
                    "-hash",
                    "sha256",
                    "-"
                ),
            ],
        };

    public static string Ask(string program, params string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"{program} ended with {process.ExitCode}.")
            );
    }

    private static string[] Lines(string text) =>
        [
            .. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(l => l.Trim(',')),
        ];
}
