using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Media.Probing;
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
        ProbedVideo result = new VideoProbe(Tools).Read(output, TestContext.Current.CancellationToken);
        FrameTable table = new FrameTableBuilder(Tools)
            .Build(output, result, TestContext.Current.CancellationToken)
            .Table;
        Assert.Equal(source.Numbers, RoundTrip.ReadNumbers(Tools, output, result, table));
        AssertSameTimes(source.Table, table);
        AssertSamePicture(source.Video.Format, result.Format);
    }

    private static void AssertSameTimes(FrameTable target, FrameTable result)
    {
        for (int i = 0; i < target.Count; i++)
        {
            Int128 wanted = (Int128)(target.Pts[i] - target.Pts[0]) * target.TimeBase.Num * result.TimeBase.Den;
            Int128 found = (Int128)(result.Pts[i] - result.Pts[0]) * result.TimeBase.Num * target.TimeBase.Den;
            Assert.Equal(wanted, found);
        }
    }

    private static void AssertSamePicture(VideoFormat target, VideoFormat result)
    {
        Assert.Equal(
            (target.Width, target.Height, target.SampleAspectRatio, target.Rotation),
            (result.Width, result.Height, result.SampleAspectRatio, result.Rotation)
        );
        Assert.Equal(
            (target.ColorRange == "pc", target.ColorSpace, target.ColorTransfer, target.ColorPrimaries),
            (result.ColorRange == "pc", result.ColorSpace, result.ColorTransfer, result.ColorPrimaries)
        );
        Assert.Equal(
            (target.MasteringDisplay, target.ContentLightLevel),
            (result.MasteringDisplay, result.ContentLightLevel)
        );
        Assert.Equal(target.FieldOrder is "tt" or "bb", result.FieldOrder is "tt" or "bb");
        bool wider = target.Width % 2 != 0 || target.Height % 2 != 0;
        Assert.True(wider || target.PixelFormat == result.PixelFormat, result.PixelFormat);
    }
}
