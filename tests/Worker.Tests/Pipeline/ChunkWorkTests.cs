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

    /// <summary>
    /// The difference between a long and a short chunk, so that what a chunk costs once does not count. What remains is bookkeeping at
    /// the frames where identities are sampled.
    /// </summary>
    [Fact]
    public void Run_InSteadyState_AllocatesNextToNothingPerFrame()
    {
        _job.Run(0, new FrameRange(0, 24), "warm", []);
        long brief = AllocatedBy(new FrameRange(0, 24), "brief");
        long full = AllocatedBy(new FrameRange(0, _job.Table.Count), "full");
        double perFrame = (full - brief) / (double)(_job.Table.Count - 24);
        Assert.True(perFrame < 300, $"{perFrame:F0} bytes a frame");
        TestContext.Current.SendDiagnosticMessage($"{perFrame:F0} managed bytes a frame");
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

    private long AllocatedBy(FrameRange range, string name)
    {
        long before = 0;
        long after = 0;
        _job.Run(
            0,
            range,
            name,
            [],
            onFramesDone: done =>
            {
                // From the first frame out to the last one out: the set-up before and the report after are paid once a chunk.
                before = done == 1 ? GC.GetTotalAllocatedBytes(precise: true) : before;
                after = done == range.Length ? GC.GetTotalAllocatedBytes(precise: true) : after;
            }
        );
        return after - before;
    }
}
