using FaceFusion.Batch.Contracts.Errors;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests;

public sealed class ExitCodesTests
{
    [Fact]
    public void Table_EveryCode_StandsInItOnce()
    {
        Assert.Equal(Enum.GetValues<ExitCode>().Order(), ExitCodes.Table.Select(row => row.Code));
        Assert.Equal(ExitCodes.Table.Count, ExitCodes.Table.Select(row => row.Name).Distinct().Count());
    }

    [Fact]
    public void Table_TheFirstFive_AreThoseOfFaceFusion() =>
        Assert.Equal([0, 1, 2, 3, 4], ExitCodes.Table.Take(5).Select(row => (int)row.Code));

    [Theory]
    [InlineData(FailureKind.InvalidVideo, "video-empty", 2)]
    [InlineData(FailureKind.InvalidVideo, "video-missing", 6)]
    [InlineData(FailureKind.InvalidRecipe, "source-no-face", 2)]
    [InlineData(FailureKind.InvalidRecipe, "source-missing", 6)]
    [InlineData(FailureKind.InvalidRecipe, "recipe-missing", 6)]
    [InlineData(FailureKind.InvalidRecipe, "job-declined", 3)]
    [InlineData(FailureKind.ModelFault, "model-hash", 2)]
    [InlineData(FailureKind.MediaToolFault, "ffmpeg-missing", 2)]
    [InlineData(FailureKind.MediaToolFault, "decode-failed", 1)]
    [InlineData(FailureKind.MediaToolFault, "result-frames", 11)]
    [InlineData(FailureKind.StorageFault, "disk-full", 2)]
    [InlineData(FailureKind.StorageFault, "work-folder-busy", 7)]
    [InlineData(FailureKind.StorageFault, "broker-unreachable", 9)]
    [InlineData(FailureKind.Cancelled, "cancelled", 4)]
    public void Of_Failure_IsTheDocumentedCode(FailureKind kind, string code, int expected) =>
        Assert.Equal(expected, (int)ExitCodes.Of(FusionException.From(kind, code, "What to do.", isTransient: false)));
}
