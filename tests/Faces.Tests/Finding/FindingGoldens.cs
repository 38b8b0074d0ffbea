using System.Text.Json;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Faces.Tests.Finding;

/// <summary>What OpenCV answered, written by <c>Goldens/finding.py</c>, and the formulas by which both sides make their inputs.</summary>
internal sealed record FindingGoldens(
    IReadOnlyList<FindingGoldens.SuppressionCase> Suppression,
    FindingGoldens.SuppressionCase SuppressionEdge,
    IReadOnlyList<FindingGoldens.SimilarityCase> Similarity,
    IReadOnlyList<FindingGoldens.LetterboxCase> Letterboxes,
    IReadOnlyList<FindingGoldens.DarkCase> Dark,
    IReadOnlyList<string> Lab,
    IReadOnlyList<FindingGoldens.AnchorCase> Anchors
)
{
    private static readonly Lazy<FindingGoldens> Lazy = new(() =>
        JsonSerializer.Deserialize<FindingGoldens>(Read("finding.json"), JsonSerializerOptions.Web)!
    );

    public static FindingGoldens All => Lazy.Value;

    public static byte[] Read(string name) =>
        File.ReadAllBytes(Path.Combine(Footage.SolutionFolder(), "tests", "Faces.Tests", "Goldens", name));

    /// <summary>Numbers 0..65535: the upper half of a linear congruential generator (Numerical Recipes).</summary>
    public static float[] Noise(int count, uint seed)
    {
        float[] noise = new float[count];
        for (int i = 0; i < count; i++)
        {
            seed = unchecked((seed * 1664525) + 1013904223);
            noise[i] = seed >> 16;
        }

        return noise;
    }

    /// <summary>Gray level of the picture with slopes and edges.</summary>
    public static byte Level(int x, int y) => (byte)((x * 3) + (y * 5) + (x / 7 * (y / 5) * 11));

    /// <summary>The gray picture as a frame whose R, G and B are its luma.</summary>
    public static Frame GrayFrame(int width, int height) =>
        ColorFrame(width, height, (x, y) => (Level(x, y), 128, 128));

    /// <summary>A full-range 4:4:4 frame of BT.601.</summary>
    public static Frame ColorFrame(int width, int height, Func<int, int, (byte Y, byte U, byte V)> color)
    {
        FrameFormat format = new(width, height, ChromaLayout.Yuv444, 8, YuvMatrix.Bt601, true, ChromaSiting.Center);
        Frame frame = new FramePool(format, 1).Rent(CancellationToken.None);
        for (int i = 0; i < width * height; i++)
        {
            (frame.Plane(0)[i], frame.Plane(1)[i], frame.Plane(2)[i]) = color(i % width, i / width);
        }

        return frame;
    }

    /// <summary>A frame of one colour whose R, G and B differ: about 210, 110 and 60.</summary>
    public static Frame Orange(int width, int height) => ColorFrame(width, height, (_, _) => (134, 86, 182));

    /// <summary>R, G and B of <see cref="Orange"/> by ITU-R BT.601.</summary>
    public static float[] OrangeRgb { get; } =
    [134 + (1.402f * 54), 134 - (0.344136f * -42) - (0.714136f * 54), 134 + (1.772f * -42)];

    public sealed record SuppressionCase(uint Seed, float Threshold, int[] Kept);

    public sealed record SimilarityCase(int Size, float[] Points, float[] Matrix);

    public sealed record LetterboxCase(int Width, int Height, int Angle, int[] Margins, int Size);

    public sealed record DarkCase(int Divisor, bool Dark, string Sha256);

    public sealed record AnchorCase(int Size, int Stride, int Each, float[] Points);
}
