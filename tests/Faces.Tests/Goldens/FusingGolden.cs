using System.Runtime.InteropServices;
using System.Text.Json;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Faces.Tests.Goldens;

/// <summary>What <c>fusing.py</c> wrote.</summary>
internal static class FusingGolden
{
    public static JsonElement Values { get; } =
        JsonDocument.Parse(File.ReadAllBytes(PathOf("fusing.json"))).RootElement;

    public static FrameFormat Format { get; } =
        new(
            Values.GetProperty("width").GetInt32(),
            Values.GetProperty("height").GetInt32(),
            ChromaLayout.Yuv444,
            8,
            YuvMatrix.Bt601,
            FullRange: true,
            ChromaSiting.Center
        );

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf($"fusing-{name}.bin"));

    public static float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    public static float[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetSingle())];

    /// <summary>The pose with this name: x, y of its five points.</summary>
    public static float[] Points(string pose) =>
        [
            .. Values
                .GetProperty("poses")
                .EnumerateArray()
                .Single(p => p.GetProperty("name").GetString() == pose)
                .GetProperty("points")
                .EnumerateArray()
                .SelectMany(Numbers),
        ];

    /// <summary>The frame of all goldens. The pool lives as long as the test run.</summary>
    public static Frame Frame()
    {
        Frame frame = new FramePool(Format, 1).Rent(CancellationToken.None);
        Bytes("frame").CopyTo(frame.Bytes);
        return frame;
    }

    /// <summary>A frame's pixels as planar RGB of 0 to 255.</summary>
    public static float[] ToRgb(Frame frame)
    {
        float[] rgb = new float[3 * frame.Format.Width * frame.Format.Height];
        CropSampler.ToRgb(frame, AffineMatrix.Identity, frame.Format.Width, frame.Format.Height, 1, 0, rgb);
        return rgb;
    }

    /// <summary>Interleaved BGR bytes as planar RGB.</summary>
    public static float[] Planar(byte[] bgr)
    {
        int count = bgr.Length / 3;
        float[] rgb = new float[bgr.Length];
        for (int i = 0; i < count; i++)
        {
            (rgb[i], rgb[count + i], rgb[(2 * count) + i]) = (bgr[(3 * i) + 2], bgr[(3 * i) + 1], bgr[3 * i]);
        }

        return rgb;
    }

    /// <summary>Mean and largest difference, and the mean with its sign (found minus expected).</summary>
    public static (double Mean, double Worst, double Bias) Compare(
        ReadOnlySpan<float> found,
        ReadOnlySpan<float> expected
    )
    {
        double sum = 0,
            worst = 0,
            bias = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double off = found[i] - expected[i];
            sum += Math.Abs(off);
            bias += off;
            worst = Math.Max(worst, Math.Abs(off));
        }

        return (sum / expected.Length, worst, bias / expected.Length);
    }

    private static string PathOf(string file) =>
        Path.Combine(Footage.SolutionFolder(), "tests", "Faces.Tests", "Goldens", file);
}
