using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.Worker.Pipeline;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

public sealed class ChunkWorkTests : IDisposable
{
    private static readonly Recipe Swap = new()
    {
        Processors = [new SwapStep()],
        Encode = new EncodeSettings { Preset = "ultrafast" },
    };

    private readonly JobBench _job = new(Clip.Talking, Swap, Footage.Path("SeanConnery.jpg"));

    public void Dispose() => _job.Dispose();

    [Fact]
    public void Run_WhateverTheChunksAndSlots_MakesTheSameFrames()
    {
        IReadOnlyList<string> whole = _job.FrameHashes(_job.Table.Count);
        Assert.Equal(_job.Table.Count, whole.Count);
        Assert.Equal(whole, _job.FrameHashes(37));
        Assert.Equal(whole, _job.FrameHashes(64, slots: 2));
    }

    [Fact]
    public void Run_WithSidecarsOfAnEarlierRun_MakesTheSameFramesWithoutAnalysing()
    {
        var whole = new FrameRange(0, _job.Table.Count);
        (_, ChunkReport first) = _job.Run(0, whole, "first", []);
        SidecarFile sidecar = new(whole, _job.InFolder("first.sidecar"));
        var (fused, second) = _job.Run(0, whole, "second", [sidecar]);
        Assert.False(fused.Analysed);
        Assert.Equal(first.FrameHashes, second.FrameHashes);
    }

    [Fact]
    public void Run_OnRealFootage_TurnsTheFaceIntoTheSource()
    {
        (_, ChunkReport report) = _job.Run(0, new FrameRange(0, _job.Table.Count), "swap", []);
        Assert.All(report.FacesFused, fused => Assert.Equal(1, fused));
        float[] after = [.. report.Identity.Select(s => s.After).Order()];
        float[] toOld = [.. report.Identity.Select(s => s.ToOld).Order()];
        Assert.True(after[after.Length / 2] >= 0.55f, $"median cosine to the source {after[after.Length / 2]:F3}");
        Assert.True(toOld[toOld.Length / 2] <= 0.35f, $"median cosine to the old face {toOld[toOld.Length / 2]:F3}");
        Assert.NotEmpty(report.Crops);
    }

    [Fact]
    public void Run_WhenStopped_EndsAtOnceAndLeavesNoSegment()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            _job.Run(0, new FrameRange(0, _job.Table.Count), "stopped", [], _ => stop.Cancel(), stop.Token)
        );
        Assert.False(File.Exists(_job.InFolder("stopped.mp4")));
    }

    [Fact]
    public void Run_WithADamagedSidecar_AnalysesInstead()
    {
        var range = new FrameRange(0, 24);
        string path = _job.InFolder("damaged.sidecar");
        File.WriteAllBytes(path, new byte[100]);
        var (fused, _) = _job.Run(0, range, "undamaged", [new SidecarFile(range, path)]);
        Assert.True(fused.Analysed);
    }
}
