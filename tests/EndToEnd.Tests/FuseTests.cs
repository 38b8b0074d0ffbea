using System.Text.Json;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

public sealed class FuseTests
{
    [Fact]
    public async Task Fuse_RealFootage_KeepsEveryFrameTimestampAndSound()
    {
        using TestFolder folder = new();
        string output = folder["out.mp4"];

        FfbResult run = await Ffb.RunAsync(
            "fuse",
            "--source",
            Clips.Portrait,
            "--target",
            Clips.Talking,
            "--output",
            output,
            "--chunk-frames",
            "50"
        );

        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(VideoFacts.FrameTimes(Clips.Talking), VideoFacts.FrameTimes(output));
        Assert.Equal(VideoFacts.AudioHash(Clips.Talking), VideoFacts.AudioHash(output));
        Assert.Equal(VideoFacts.AudioTimes(Clips.Talking), VideoFacts.AudioTimes(output));
        Assert.Equal(VideoFacts.Shape(Clips.Talking), VideoFacts.Shape(output));
        Assert.Equal(["out.mp4", "out.mp4.report.html", "out.mp4.report.json"], folder.Entries);
        Assert.Contains("fuse 100 %  120/120 frames", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Error + run.Output);
    }

    [Fact]
    public async Task Fuse_RealFootage_PutsTheSourceInAndTheOldFaceOut()
    {
        using TestFolder folder = new();
        string output = folder["out.mp4"];

        FfbResult run = await Ffb.RunAsync(
            "fuse",
            "--source",
            Clips.Frontal,
            "--target",
            Clips.Talking,
            "--output",
            output,
            "--quiet"
        );

        Assert.True(run.Exit == 0, run.Error);
        Assert.Empty(run.Output + run.Error);
        JobReport report = Reports.Of(output);
        PersonReport person = Assert.Single(report.People, p => p.Identity == "source");
        Assert.InRange(person.MedianAfter ?? -1, 0.55f, 1f);
        Assert.InRange(person.MedianToOld ?? 2, -1f, 0.35f);
        Assert.Equal(120, report.FramesWithFaces);
        Assert.Equal(120, person.FramesFused);
        Assert.Equal(VideoFacts.Sha256(output), report.ResultSha256);
        Assert.Equal(VideoFacts.Sha256(Clips.Talking), report.TargetSha256);
        Assert.True(report.Verification is { FramesFound: 120, TimestampsEqual: true, StreamsKept: true });
    }

    [Fact]
    public async Task Fuse_AsJson_AnswersWithOneDocument()
    {
        using TestFolder folder = new();

        FfbResult run = await Ffb.RunAsync(
            "fuse",
            "--source",
            Clips.Portrait,
            "--target",
            Clips.Talking,
            "--output",
            folder["out.mp4"],
            "--output-format",
            "json",
            "--quiet",
            "--workers",
            "1",
            "--crf",
            "24",
            "--preset",
            "veryfast"
        );

        Assert.True(run.Exit == 0, run.Error);
        JsonElement answer = run.Json;
        Assert.Equal(1, answer.GetProperty("schemaVersion").GetInt32());
        Assert.Equal("succeeded", answer.GetProperty("state").GetString());
        Assert.Equal(120, answer.GetProperty("frames").GetInt32());
        Assert.Equal(folder["out.mp4"], answer.GetProperty("output").GetString());
        Assert.True(File.Exists(answer.GetProperty("report").GetString()));
        Assert.True(File.Exists(answer.GetProperty("reportHtml").GetString()));
        Assert.True(answer.GetProperty("verification").GetProperty("timestampsEqual").GetBoolean());
        Assert.True(answer.GetProperty("framesPerSecond").GetDouble() > 0);
        foreach (string stage in (string[])["decode", "detect", "mesh", "fuse", "encode"])
        {
            Assert.True(answer.GetProperty("stageMilliseconds").GetProperty(stage).GetDouble() > 0, stage);
        }
    }

    [Theory]
    [InlineData("out.png")]
    [InlineData("out.jpg")]
    [InlineData("out.webp")]
    public async Task Fuse_PictureTarget_GivesAPictureOfTheSameSize(string name)
    {
        using TestFolder folder = new();
        string target = folder["target.jpg"];
        Clips.Make(target, "-i", Clips.Talking, "-frames:v", "1", "-q:v", "2");

        FfbResult run = await Ffb.RunAsync(
            "fuse",
            "--source",
            Clips.Portrait,
            "--target",
            target,
            "--output",
            folder[name]
        );

        Assert.True(run.Exit == 0, run.Error);
        Assert.StartsWith("400,300,", VideoFacts.Shape(folder[name]), StringComparison.Ordinal);
        JobReport report = Reports.Of(folder[name]);
        Assert.Equal(1, report.Frames);
        Assert.Equal(1, report.FacesFused);
    }

    [Fact]
    public async Task Fuse_DryRun_ShowsThePlanAndLeavesNothing()
    {
        using TestFolder folder = new();

        FfbResult run = await Ffb.RunAsync(
            "fuse",
            "--source",
            Clips.Portrait,
            "--target",
            Clips.Talking,
            "--output",
            folder["out.mp4"],
            "--dry-run",
            "--chunk-frames",
            "50",
            "--output-format",
            "json"
        );

        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal("planned", run.Json.GetProperty("state").GetString());
        Assert.Equal(120, run.Json.GetProperty("frames").GetInt32());
        Assert.Equal(3, run.Json.GetProperty("chunks").GetInt32());
        Assert.Empty(folder.Entries);
    }

    [Fact]
    public async Task Fuse_MapByScanNumber_FusesThatPerson()
    {
        using TestFolder folder = new();

        FfbResult run = await Ffb.RunAsync(
            "fuse",
            "--map",
            $"1={Clips.Portrait}",
            "--target",
            Clips.Talking,
            "--output",
            folder["out.mp4"],
            "--quiet"
        );

        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal("person-1", Reports.Of(folder["out.mp4"]).People[0].Identity);
    }

    [Fact]
    public async Task Scan_RealFootage_FindsThePersonAndWritesTheSheet()
    {
        using TestFolder folder = new();

        FfbResult run = await Ffb.RunAsync(
            "scan",
            "--target",
            Clips.Talking,
            "--sheet",
            folder["people.png"],
            "--output-format",
            "json"
        );

        Assert.True(run.Exit == 0, run.Error);
        JsonElement person = Assert.Single(run.Json.GetProperty("people").EnumerateArray());
        Assert.Equal(1, person.GetProperty("person").GetInt32());
        Assert.InRange(person.GetProperty("size").GetDouble(), 0.1, 0.9);
        Assert.Equal(["people.png"], folder.Entries);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder["people.png"])[..4]);
    }

    [Fact]
    public async Task Probe_RealFootage_SummarisesTheFrameTable()
    {
        FfbResult run = await Ffb.RunAsync("probe", "--target", Clips.Talking, "--output-format", "json");

        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(120, run.Json.GetProperty("frames").GetInt32());
        Assert.Equal(2, run.Json.GetProperty("streams").GetArrayLength());
        Assert.True(run.Json.GetProperty("isConstantFrameRate").GetBoolean());
    }
}
