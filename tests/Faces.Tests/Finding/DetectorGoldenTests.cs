using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Faces.Alignment;
using FaceFusion.Batch.Faces.Finding;
using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;
using FaceFusion.Batch.Imaging.Sampling;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Finding;

/// <summary>Compared with OpenCV: see <c>Goldens/finding.py</c>.</summary>
public sealed class DetectorGoldenTests
{
    [Fact]
    public void Suppress_RandomBoxes_KeepsWhatOpenCvKeepsInItsOrder()
    {
        BoxSuppression suppression = new();
        foreach (FindingGoldens.SuppressionCase golden in FindingGoldens.All.Suppression)
        {
            Assert.Equal(golden.Kept, suppression.Suppress(Boxes(golden.Seed), 0.5f, golden.Threshold).ToArray());
        }
    }

    [Fact]
    public void Suppress_OverlapOfTheThreshold_StaysAsInOpenCv()
    {
        FaceCandidate[] boxes = [Box(0, 0.9f), Box(5, 0.8f), Box(40, 0.7f), Box(44, 0.6f)];
        FindingGoldens.SuppressionCase golden = FindingGoldens.All.SuppressionEdge;

        Assert.Equal(golden.Kept, new BoxSuppression().Suppress(boxes, 0.5f, golden.Threshold).ToArray());
        Assert.NotEqual(
            golden.Kept,
            new BoxSuppression().Suppress(boxes, 0.5f, float.BitDecrement(golden.Threshold)).ToArray()
        );
    }

    [Theory]
    [InlineData(1, false, 0.4f)]
    [InlineData(2, false, 0.3f)]
    [InlineData(3, false, 0.2f)]
    [InlineData(4, false, 0.1f)]
    [InlineData(1, true, 0.1f)]
    public void Threshold_MoreLooks_IsStricter(int angles, bool isMany, float expected) =>
        Assert.Equal(expected, BoxSuppression.Threshold(angles, isMany));

    [Fact]
    public void CanvasToFrame_EachCase_GivesOpenCvsCanvas()
    {
        ReadOnlySpan<byte> expected = FindingGoldens.Read("letterbox.bin");
        foreach (FindingGoldens.LetterboxCase golden in FindingGoldens.All.Letterboxes)
        {
            int plane = golden.Size * golden.Size;
            float[] rgb = new float[3 * plane];
            Frame frame = FindingGoldens.GrayFrame(golden.Width, golden.Height);
            FaceMargins margins = new()
            {
                Top = golden.Margins[0],
                Right = golden.Margins[1],
                Bottom = golden.Margins[2],
                Left = golden.Margins[3],
            };
            DetectorView view = new(golden.Width, golden.Height, golden.Angle, margins, golden.Size);

            CropSampler.ToRgb(frame, view.CanvasToFrame, golden.Size, golden.Size, 1, 0, rgb, taps: CropTaps.Single);

            for (int i = 0; i < plane; i++)
            {
                // OpenCV rounds weights to 1/2048 and the result to whole levels: 0.5 for that, and 0.26 at an edge of 255 levels.
                Assert.True(
                    MathF.Abs(rgb[plane + i] - expected[i]) < 0.8f,
                    $"{golden} at {i % golden.Size}, {i / golden.Size}: {rgb[plane + i]} and not {expected[i]}"
                );
            }

            expected = expected[plane..];
        }

        Assert.True(expected.IsEmpty);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public void ToFrame_AnyAngle_IsWhatTheCanvasWasSampledBy(int angle)
    {
        DetectorView view = new(1920, 1080, angle, new FaceMargins { Left = 10, Top = 30 }, 640);
        FaceCandidate candidate = new()
        {
            Left = 100,
            Top = 200,
            Right = 160,
            Bottom = 240,
        };
        ((ReadOnlySpan<float>)[100, 200, 160, 240, 110, 210, 120, 220, 130, 230]).CopyTo(candidate.Points);

        view.ToFrame(ref candidate);

        // Places are scaled without the half pixel that pixels are sampled with: at this ratio 1.x pixels.
        (float x1, float y1) = view.CanvasToFrame.Apply(100, 200);
        (float x2, float y2) = view.CanvasToFrame.Apply(160, 240);
        Assert.Equal(MathF.Min(x1, x2), candidate.Left, 1.5f);
        Assert.Equal(MathF.Max(x1, x2), candidate.Right, 1.5f);
        Assert.Equal(MathF.Min(y1, y2), candidate.Top, 1.5f);
        Assert.Equal(MathF.Max(y1, y2), candidate.Bottom, 1.5f);
        Assert.Equal(x1, candidate.Points[0], 1.5f);
        Assert.Equal(y1, candidate.Points[1], 1.5f);
    }

    [Fact]
    public void EstimateSimilarity_FivePoints_IsWhatOpenCvEstimates()
    {
        foreach (FindingGoldens.SimilarityCase golden in FindingGoldens.All.Similarity)
        {
            float[] crop = [.. FaceTemplate.Arcface112V2.Fractions.ToArray().Select(v => v * golden.Size)];
            AffineMatrix ours = AffineMatrix.EstimateSimilarity(golden.Points, crop);
            float[] m = golden.Matrix;
            AffineMatrix theirs = new(m[0], m[1], m[2], m[3], m[4], m[5]);
            for (int i = 0; i < 10; i += 2)
            {
                (float x, float y) = ours.Apply(golden.Points[i], golden.Points[i + 1]);
                (float u, float v) = theirs.Apply(golden.Points[i], golden.Points[i + 1]);

                // 0.0006 was measured over thousands of poses; the matrices' own floats add as much at places around 2000.
                Assert.Equal(u, x, 0.0012f);
                Assert.Equal(v, y, 0.0012f);
            }
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(45, 0)]
    [InlineData(45.1f, 90)]
    [InlineData(135, 90)]
    [InlineData(180, 180)]
    [InlineData(314.9f, 270)]
    [InlineData(315.1f, 0)]
    [InlineData(-80, 270)]
    public void Nearest_AnyAngle_IsARightAngle(float degrees, int expected) =>
        Assert.Equal(expected, RightAngle.Nearest(degrees));

    private static FaceCandidate Box(float top, float score) =>
        new()
        {
            Left = 0,
            Top = top,
            Right = 10,
            Bottom = top + 10,
            Score = score,
        };

    private static FaceCandidate[] Boxes(uint seed)
    {
        float[] noise = FindingGoldens.Noise(300, seed);
        FaceCandidate[] boxes = new FaceCandidate[60];
        for (int i = 0; i < boxes.Length; i++)
        {
            ReadOnlySpan<float> n = noise.AsSpan(5 * i, 5);
            boxes[i] = new()
            {
                Left = n[0] / 256,
                Top = n[1] / 256,
                Right = (n[0] / 256) + 10 + (n[2] / 512),
                Bottom = (n[1] / 256) + 10 + (n[3] / 512),
                Score = MathF.Floor(n[4] / 4096) / 16,
            };
        }

        return boxes;
    }
}
