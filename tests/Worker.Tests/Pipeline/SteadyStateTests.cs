using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.TestKit;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

/// <summary>Counts what the whole process allocates, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(SteadyStateTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

[Collection(nameof(SteadyStateTests))]
public sealed class SteadyStateTests : IDisposable
{
    private readonly JobBench _job = new(
        Clip.Talking,
        new Recipe
        {
            Processors = [new SwapStep()],
            Encode = new EncodeSettings { Preset = "ultrafast" },
        },
        Footage.Path("SeanConnery.jpg")
    );

    public void Dispose() => _job.Dispose();

    /// <summary>
    /// Pools grow until the frames that are in flight at the same time have found their places; that happens now and then on a busy
    /// machine. What every frame costs would show at every frame.
    /// </summary>
    [Fact]
    public void Run_InSteadyState_AllocatesNothingPerFrame()
    {
        const int settled = 40;
        int frames = _job.Table.Count - settled;
        long[] allocated = new long[_job.Table.Count + 1];
        _job.Run(
            0,
            new FrameRange(0, _job.Table.Count),
            "steady",
            [],
            onFramesDone: done => allocated[done] = GC.GetTotalAllocatedBytes(precise: true)
        );

        int growing = Enumerable.Range(settled + 1, frames).Count(done => allocated[done] > allocated[done - 1]);
        TestContext.Current.SendDiagnosticMessage(
            $"{growing} of {frames} frames with {allocated[^1] - allocated[settled]} managed bytes in all"
        );
        Assert.InRange(growing, 0, frames / 6);
    }
}
