using System.Text.Json;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

/// <summary>A target with two people: the smaller one, person 2, in the left half, the larger one in the right.</summary>
public sealed class PeopleTests(ITestOutputHelper output)
{
    private const string Left = "400:300:0:0";
    private const string Right = "400:300:400:0";

    [Fact]
    public async Task Fuse_MappedPeople_EachGetsTheirOwnFace()
    {
        using TestFolder folder = new();
        string result = folder["out.mp4"];

        FfbResult run = await Ffb.RunAsync([
            "fuse",
            "--map",
            $"1={Clips.Frontal}",
            "--map",
            $"2={Clips.Portrait}",
            .. Order.Job(result, Clips.TwoPeople),
        ]);

        Assert.True(run.Exit == 0, run.Error);
        JobReport report = Reports.Of(result);
        Assert.Equal(["person-1", "person-2"], report.People.Select(p => p.Identity));
        Assert.All(
            report.People,
            person =>
            {
                Assert.Equal(30, person.FramesFused);
                Assert.InRange(person.MedianAfter ?? -1, 0.45f, 1f);
                Assert.InRange(person.MedianToOld ?? 2, -1f, 0.4f);
            }
        );
        using Likeness likeness = new();
        float[] frontal = likeness.Of(Clips.Frontal);
        float[] portrait = likeness.Of(Clips.Portrait);
        foreach (int frame in (int[])[0, 29])
        {
            AssertNearer(likeness.Of(result, frame, Right), frontal, portrait);
            AssertNearer(likeness.Of(result, frame, Left), portrait, frontal);
        }
    }

    [Fact]
    public async Task Fuse_OnePerson_LeavesTheOtherBitForBit()
    {
        using TestFolder folder = new();
        string result = folder["out.mp4"];

        FfbResult run = await Ffb.RunAsync(
            Order.Fuse(result, Clips.Frontal, Clips.TwoPeople, ["--chunk-frames", "12", .. Order.Lossless])
        );

        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(VideoFacts.FrameHashes(Clips.TwoPeople, Left), VideoFacts.FrameHashes(result, Left));
        AssertAllDiffer(VideoFacts.FrameHashes(Clips.TwoPeople, Right), VideoFacts.FrameHashes(result, Right));
        JobReport report = Reports.Of(result);
        Assert.Equal(["source", null], report.People.Select(p => p.Identity));
        Assert.Equal(60, report.FacesFound);
        Assert.Equal(30, report.FacesFused);
    }

    [Fact]
    public async Task Fuse_AllPeople_ChangesBoth()
    {
        using TestFolder folder = new();
        string result = folder["out.mp4"];

        FfbResult run = await Ffb.RunAsync(
            Order.Fuse(result, Clips.Frontal, Clips.TwoPeople, ["--faces", "all", .. Order.Lossless])
        );

        Assert.True(run.Exit == 0, run.Error);
        AssertAllDiffer(VideoFacts.FrameHashes(Clips.TwoPeople, Left), VideoFacts.FrameHashes(result, Left));
        AssertAllDiffer(VideoFacts.FrameHashes(Clips.TwoPeople, Right), VideoFacts.FrameHashes(result, Right));
        Assert.Equal(["source", "source"], Reports.Of(result).People.Select(p => p.Identity));
    }

    [Fact]
    public async Task Fuse_MapOfAPersonWhoIsNotThere_IsRefused()
    {
        using TestFolder folder = new();

        FfbResult run = await Ffb.RunAsync([
            "fuse",
            "--map",
            $"3={Clips.Frontal}",
            .. Order.Job(folder["out.mp4"], Clips.TwoPeople),
        ]);

        Assert.Equal(2, run.Exit);
        Assert.EndsWith("(map-unknown-person)", Assert.Single(run.Complaints), StringComparison.Ordinal);
        Assert.Contains("2 people", run.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Entries);
    }

    [Fact]
    public async Task Scan_TwoPeople_NumbersThemByProminence()
    {
        FfbResult run = await Ffb.RunAsync("scan", "--target", Clips.TwoPeople, "--output-format", "json");

        Assert.True(run.Exit == 0, run.Error);
        JsonElement[] people = [.. run.Json.GetProperty("people").EnumerateArray()];
        Assert.Equal([1, 2], people.Select(p => p.GetProperty("person").GetInt32()));
        Assert.True(people[0].GetProperty("size").GetDouble() > people[1].GetProperty("size").GetDouble());
    }

    private void AssertNearer(float[] found, float[] wanted, float[] other)
    {
        float near = Likeness.Cosine(found, wanted);
        float far = Likeness.Cosine(found, other);
        output.WriteLine($"{near:0.00} to the own source, {far:0.00} to the other's");
        Assert.InRange(near, 0.45f, 1f);
        Assert.InRange(far, -1f, 0.3f);
    }

    private static void AssertAllDiffer(string[] before, string[] after) =>
        Assert.All(before.Zip(after), pair => Assert.NotEqual(pair.First, pair.Second));
}
