using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Media.Tools;
using FaceFusion.Batch.TestKit.Clips;

namespace FaceFusion.Batch.Media.Tests.Exactness;

/// <summary>Every displayed frame once, in order, at its own time; sound byte-equal and unmoved: for each hard source and chunk length.</summary>
public sealed class ExactnessTests
{
    private static readonly MediaTools Tools = MediaTools.Locate();

    private static readonly int[] Lengths = [37, 97, 300];

    /// <summary>Every length for every source where <c>./test.sh exact</c> asks for it; else the lengths take turns.</summary>
    public static TheoryData<string, int> Rows()
    {
        bool all = Environment.GetEnvironmentVariable("FFB_ALL_SOURCES") == "1";
        TheoryData<string, int> rows = [];
        foreach ((int index, ClipRecipe recipe) in HardSources.All.Index())
        {
            foreach (int length in all ? Lengths : [Lengths[index % Lengths.Length]])
            {
                rows.Add(recipe.Name, length);
            }
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
