using System.Globalization;
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

    /// <summary>Field 19 of a thread's line is its niceness (proc(5)); what stands before it ends with the name's bracket.</summary>
    [Fact]
    public void Start_WorksAhead_GivesWayToTheOthers()
    {
        using StageThreads stages = new(CancellationToken.None);
        int ahead = -1;
        int other = -1;
        stages.Start("ahead", _ => ahead = Niceness(), isAhead: true);
        stages.Start("other", _ => other = Niceness());
        stages.Join();

        Assert.Equal((10, 0), (ahead, other));

        static int Niceness()
        {
            string line = File.ReadAllText("/proc/thread-self/stat");
            return int.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
        }
    }
}
