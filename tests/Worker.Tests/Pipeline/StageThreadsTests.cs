using FaceFusion.Batch.Worker.Pipeline;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Pipeline;

public sealed class StageThreadsTests
{
    [Fact]
    public void Join_WhenOneStageFails_StopsTheOthersAndThrowsTheFirstError()
    {
        using var stages = new StageThreads(CancellationToken.None);
        bool stopped = false;
        stages.Start(
            "waits",
            token =>
            {
                token.WaitHandle.WaitOne();
                stopped = true;
                token.ThrowIfCancellationRequested();
            }
        );
        stages.Start("fails", _ => throw new InvalidDataException("the cause"));
        InvalidDataException error = Assert.Throws<InvalidDataException>(stages.Join);
        Assert.Equal("the cause", error.Message);
        Assert.True(stopped);
    }

    [Fact]
    public void Join_WhenTheCallerStops_ThrowsCancellation()
    {
        using var stop = new CancellationTokenSource();
        using var stages = new StageThreads(stop.Token);
        stages.Start(
            "waits",
            token =>
            {
                token.WaitHandle.WaitOne();
                token.ThrowIfCancellationRequested();
            }
        );
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(stages.Join);
    }
}
