using System.Text.Json;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Recipes;

namespace FaceFusion.Batch.Contracts.Tests;

/// <summary>
/// Messages as an earlier version wrote them. A sample is never edited to make a test pass: contracts only grow, and what was
/// written before must still be read.
/// </summary>
public sealed class MessageSamplesTests
{
    [Fact]
    public void FuseChunk_FromASample_IsRead()
    {
        FuseChunk order = Read<FuseChunk>("fuse-chunk.json");

        Assert.Equal((3, 2, 300, 600), (order.ChunkIndex, order.Attempt, order.Range.Start, order.Range.End));
        Assert.Equal("mesh", Assert.IsType<SwapStep>(Assert.Single(order.Recipe.Processors)).Model);
        Assert.Equal("file:///blobs/jobs/1/chunks/3/a.mp4", order.SegmentPutUrl.Value);
        Assert.Equal((1, 30000), (order.Format.TimeBase.Num, order.Format.TimeBase.Den));
    }

    [Fact]
    public void ChunkFused_FromASample_IsRead() => Assert.Equal(300, Read<ChunkFused>("chunk-fused.json").Frames);

    [Fact]
    public void ChunkFailed_FromASample_IsRead()
    {
        ChunkFailed failed = Read<ChunkFailed>("chunk-failed.json");

        Assert.Equal(("decode-failed", true), (failed.Failure.Code, failed.Failure.IsTransient));
    }

    private static T Read<T>(string name) =>
        JsonSerializer.Deserialize<T>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", name)),
            JsonSerializerOptions.Web
        )!;
}
