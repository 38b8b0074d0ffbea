using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaceFusion.Batch.Media.Tools;

namespace FaceFusion.Batch.TestKit.Clips;

/// <summary>Makes the clip of a recipe once and keeps it in artifacts/clips; a changed recipe makes a new one.</summary>
public static class ClipMaker
{
    private static readonly Lock Gate = new();
    private static readonly MediaTools Tools = MediaTools.Locate();

    public static string Get(ClipRecipe recipe)
    {
        lock (Gate)
        {
            string folder = Path.Combine(Footage.SolutionFolder(), "artifacts", "clips");
            Directory.CreateDirectory(folder);
            string path = Path.Combine(folder, $"{recipe.Name}-{Key(recipe)}{recipe.Extension}");
            if (!File.Exists(path))
            {
                Make(recipe, path);
            }

            return path;
        }
    }

    private static string Key(ClipRecipe recipe)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(recipe));
        return Convert.ToHexStringLower(SHA256.HashData(bytes))[..8];
    }

    private static void Make(ClipRecipe recipe, string path)
    {
        string scratch = path + $".{Guid.NewGuid():N}";
        Directory.CreateDirectory(scratch);
        try
        {
            WriteSideFiles(scratch);
            bool two = recipe.Second.Count > 0;
            string first = Path.Combine(scratch, "first" + (two ? recipe.FirstExtension : recipe.Extension));
            RunFirst(recipe, first);
            string last = first;
            if (two)
            {
                last = Path.Combine(scratch, "second" + recipe.Extension);
                RunSecond(recipe, scratch, first, last);
            }

            if (recipe.CutStart > 0)
            {
                CutStart(last, recipe.CutStart);
            }

            File.Move(last, path, overwrite: true);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static void RunFirst(ClipRecipe recipe, string output)
    {
        double seconds = recipe.Frames * Rate(recipe.Rate);
        string tone = string.Create(CultureInfo.InvariantCulture, $"sine=f=440:b=2:r=48000:d={seconds:F3}");
        List<string> arguments =
        [
            .. recipe.BeforePicture,
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-s",
            $"{recipe.Width}x{recipe.Height}",
            "-framerate",
            recipe.Rate,
            "-i",
            "pipe:0",
        ];
        if (recipe.Audio.Count > 0)
        {
            arguments.AddRange(["-f", "lavfi", "-i", tone, "-map", "0:v", "-map", "1:a"]);
        }

        arguments.AddRange([.. recipe.Video, .. recipe.Audio, .. recipe.Container, "-y", output]);
        using ChildTool child = ChildTool.Start(Tools, MediaProgram.Ffmpeg, arguments, ToolLimits.Encoding(1 << 20));
        byte[] planes = new byte[
            (recipe.Width * recipe.Height) + (2 * ((recipe.Width + 1) / 2) * ((recipe.Height + 1) / 2))
        ];
        for (int i = 0; i < recipe.Frames; i++)
        {
            FrameNumbers.Draw(planes, recipe.Width, recipe.Height, i);
            child.Input.Write(planes);
        }

        child.Input.Close();
        Check(child.WaitForExit(), recipe, child.Errors);
    }

    private static void RunSecond(ClipRecipe recipe, string scratch, string first, string output)
    {
        IEnumerable<string> arguments = recipe
            .Second.Select(a => a.Replace("{0}", first, StringComparison.Ordinal))
            .Select(a => a.Replace("{dir}", scratch, StringComparison.Ordinal));
        ToolRun run = ChildTool.Capture(
            Tools,
            MediaProgram.Ffmpeg,
            [.. arguments, "-y", output],
            ToolLimits.Encoding(1 << 20),
            CancellationToken.None
        );
        Check(run.ExitCode, recipe, run.Errors);
    }

    private static void CutStart(string path, double share)
    {
        const int TransportPacket = 188;
        byte[] bytes = File.ReadAllBytes(path);
        int cut = (int)(bytes.Length * share) / TransportPacket * TransportPacket;
        File.WriteAllBytes(path, bytes[cut..]);
    }

    private static void WriteSideFiles(string scratch)
    {
        File.WriteAllText(
            Path.Combine(scratch, "subtitles.srt"),
            "1\n00:00:00,500 --> 00:00:01,500\nFirst line\n\n2\n00:00:03,000 --> 00:00:04,250\nSecond line\n"
        );
        File.WriteAllText(
            Path.Combine(scratch, "chapters.txt"),
            ";FFMETADATA1\ntitle=A numbered clip\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=3000\ntitle=One\n"
                + "[CHAPTER]\nTIMEBASE=1/1000\nSTART=3000\nEND=8000\ntitle=Two\n"
        );
    }

    private static double Rate(string rate)
    {
        string[] parts = rate.Split('/');
        return double.Parse(parts[1], CultureInfo.InvariantCulture)
            / double.Parse(parts[0], CultureInfo.InvariantCulture);
    }

    private static void Check(int exit, ClipRecipe recipe, string errors)
    {
        if (exit != 0)
        {
            throw new InvalidOperationException($"ffmpeg could not make the clip {recipe.Name}: {errors}");
        }
    }
}
