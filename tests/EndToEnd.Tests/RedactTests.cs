using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using FaceFusion.Batch.Faces;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Media.Stills;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

public sealed class RedactTests(ITestOutputHelper output)
{
    /// <summary>Two pictures of one person have more than this; a covered face must have less even for who knows where it was.</summary>
    private const float SamePerson = 0.35f;

    [Theory]
    [InlineData("blur")]
    [InlineData("pixelate")]
    [InlineData("solid")]
    public async Task Redact_RealFootage_DestroysTheIdentityAndKeepsTheRest(string style)
    {
        using TestFolder folder = new();
        string result = folder["out.mp4"];

        FfbResult run = await Ffb.RunAsync(
            "redact",
            "--target",
            Clips.Talking,
            "--output",
            result,
            "--style",
            style,
            "--preset",
            "veryfast"
        );

        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(VideoFacts.FrameTimes(Clips.Talking), VideoFacts.FrameTimes(result));
        Assert.Equal(VideoFacts.AudioHash(Clips.Talking), VideoFacts.AudioHash(result));
        JobReport report = Reports.Of(result);
        Assert.True(report.FacesFused >= 120, $"{report.FacesFused} faces covered in 120 frames");
        Assert.DoesNotContain(
            "<img",
            await File.ReadAllTextAsync($"{result}.report.html", TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        foreach (int frame in (int[])[0, 40, 80, 119])
        {
            float likeness = Likeness(folder, Clips.Talking, result, frame);
            output.WriteLine($"frame {frame}: {likeness:0.00}");
            Assert.InRange(likeness, -1f, SamePerson);
        }
    }

    /// <summary>Cosine between the face in the target and what is in the same place of the result.</summary>
    private static float Likeness(TestFolder folder, string target, string result, int frame)
    {
        using Photo before = Still(target, frame, folder[$"before-{frame}.png"]);
        using Photo after = Still(result, frame, folder[$"after-{frame}.png"]);
        using FaceModels models = FaceModels.Load(Path.Combine(Footage.SolutionFolder(), "models"));
        using FrameAnalyser analyser = new(models);
        FaceBox[] faces = new FaceBox[8];
        int found = analyser.Detect(before.Frame, faces, thorough: false);
        Assert.True(found > 0);
        float[] landmarks = new float[478 * 3];
        float[] old = new float[FrameAnalyser.EmbeddingLength];
        float[] now = new float[FrameAnalyser.EmbeddingLength];
        _ = analyser.FindLandmarks(before.Frame, faces[0], landmarks);
        analyser.Embed(before.Frame, landmarks, old);
        analyser.Embed(after.Frame, landmarks, now);
        return old.Zip(now, (a, b) => a * b).Sum();
    }

    private static Photo Still(string video, int frame, string path)
    {
        Clips.Make(path, "-i", video, "-vf", $"select=eq(n\\,{frame})", "-frames:v", "1");
        return new StillReader(MediaTools.Locate()).Read(path);
    }
}
