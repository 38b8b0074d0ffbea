using FaceFusion.Batch.Cli.Commands.Jobs;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

public sealed class JobDownloadTests
{
    /// <summary>A fleet's result is .mov or .mkv where mp4 does not hold the target; a player goes by the name.</summary>
    [Theory]
    [InlineData("out.mp4", "clip.fused.mp4", "out.mp4")]
    [InlineData("out.mp4", "clip.fused.mov", "out.mov")]
    [InlineData("out", "clip.fused.mkv", "out.mkv")]
    [InlineData("out.mp4", "../evil/..mov", "out.mp4")]
    [InlineData("out.mp4", "clip", "out.mp4")]
    [InlineData(null, "clip.fused.mov", null)]
    [InlineData("/", "clip.fused.mov", "/")]
    public void OfKind_WhateverWasAsked_HasTheResultsExtension(string? asked, string fileName, string? expected) =>
        Assert.Equal(expected, JobDownload.OfKind(asked, fileName));
}
