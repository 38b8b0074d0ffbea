using System.Diagnostics;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.ModelPack.Tests.Oracle;

/// <summary>Inputs for the models, NHWC: noise that is the same each time, or a portrait.</summary>
internal static class Pictures
{
    /// <returns>Values of 0 to 1.</returns>
    public static float[] Noise(int count)
    {
        var random = new Random(20);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }

    /// <returns>Values of 0 to 1 of a picture that the face fills.</returns>
    public static float[] Portrait(int size)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true };
        string[] arguments =
        [
            .. new[] { "-v", "error", "-nostdin", "-i", Footage.Path("audrey_crop.jpg") },
            .. new[] { "-vf", $"scale={size}:{size}", "-f", "rawvideo", "-pix_fmt", "rgb24", "-" },
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using Process ffmpeg = Process.Start(start)!;
        byte[] pixels = new byte[size * size * 3];
        ffmpeg.StandardOutput.BaseStream.ReadExactly(pixels);
        ffmpeg.WaitForExit();
        return [.. pixels.Select(value => value / 255f)];
    }
}
