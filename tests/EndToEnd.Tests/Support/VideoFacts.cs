using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FaceFusion.Batch.EndToEnd.Tests.Support;

/// <summary>What ffprobe and ffmpeg say of a file, asked without any code of ours.</summary>
internal static class VideoFacts
{
    /// <summary>Timestamps of the decoded frames in seconds, in display order.</summary>
    public static decimal[] FrameTimes(string path) =>
        [
            .. Clips
                .Ask(
                    "ffprobe",
                    "-v",
                    "error",
                    "-select_streams",
                    "V:0",
                    "-show_entries",
                    "frame=pts_time",
                    "-of",
                    "csv=p=0",
                    path
                )
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => decimal.Parse(line.Trim(','), CultureInfo.InvariantCulture)),
        ];

    /// <summary>A hash of each decoded frame, of the part named by <paramref name="crop"/> (ffmpeg's words) alone.</summary>
    public static string[] FrameHashes(string path, string crop = "in_w:in_h:0:0") =>
        [
            .. Clips
                .Ask(
                    "ffmpeg",
                    "-nostdin",
                    "-v",
                    "error",
                    "-i",
                    path,
                    "-map",
                    "0:V:0",
                    "-vf",
                    $"crop={crop}",
                    "-fps_mode",
                    "passthrough",
                    "-f",
                    "framehash",
                    "-hash",
                    "md5",
                    "-"
                )
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => line[0] != '#')
                .Select(line => line.Split(',')[^1].Trim()),
        ];

    /// <summary>SHA-256 over the bytes of every audio packet.</summary>
    /// <param name="isStream">A transport stream of AAC, whose packets carry a header that no other container has.</param>
    public static string AudioHash(string path, bool isStream = false) =>
        Clips.Ask(
            "ffmpeg",
            [
                .. (string[])["-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-c", "copy"],
                .. (string[])(isStream ? ["-bsf:a", "aac_adtstoasc"] : []),
                .. (string[])["-f", "streamhash", "-hash", "sha256", "-"],
            ]
        );

    /// <summary>Timestamps of the audio packets in seconds.</summary>
    public static string[] AudioTimes(string path) =>
        Clips
            .Ask(
                "ffprobe",
                "-v",
                "error",
                "-select_streams",
                "a:0",
                "-show_entries",
                "packet=pts_time",
                "-of",
                "csv=p=0",
                path
            )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Width, height and pixel format.</summary>
    public static string Shape(string path) =>
        Clips
            .Ask(
                "ffprobe",
                "-v",
                "error",
                "-select_streams",
                "V:0",
                "-show_entries",
                "stream=width,height,pix_fmt",
                "-of",
                "csv=p=0",
                path
            )
            .Trim();

    public static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
