using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Exactness;

/// <summary>Every displayed frame once, in order, at its own time; sound byte-equal and unmoved: for each hard source and chunk length.</summary>
public sealed class ExactnessTests
{
    private static readonly MediaTools Tools = MediaTools.Locate();

    public static TheoryData<string, int> Rows()
    {
        TheoryData<string, int> rows = [];
        foreach (ClipRecipe recipe in HardSources.All)
        {
            rows.Add(recipe.Name, 37);
            rows.Add(recipe.Name, 97);
            rows.Add(recipe.Name, 300);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Join_AfterChunkedRecoding_KeepsEveryFrameAndTimestamp(string name, int chunkFrames)
    {
        using TemporaryFolder folder = new();
        PreparedSource source = PreparedSource.Of(Tools, name);
        Assert.True(source.Numbers.Count >= 120, $"{source.Numbers.Count} frames");
        Assert.Equal(Enumerable.Range(source.Numbers[0], source.Numbers.Count), source.Numbers);
        string output = folder.File("result" + HardSources.Recipe(name).ResultExtension);

        Verification verification = await RoundTrip.RunAsync(Tools, source, chunkFrames, output);

        Assert.Equal(source.Numbers.Count, verification.FramesFound);
        Assert.True(verification.TimestampsEqual);
        Assert.True(verification.StreamsKept);
        Assert.Equal(0, verification.AudioVideoShiftMicroseconds);
        Assert.Null(source.FindDifference(PreparedSource.Prepare(Tools, output)));
    }
}
