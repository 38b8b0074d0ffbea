using FaceFusion.Batch.EndToEnd.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests;

/// <summary>Ctrl-C once and twice, being told to end, and being killed.</summary>
public sealed class StoppingTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("INT INT", 130)]
    [InlineData("TERM", 4)]
    public async Task Fuse_Stopped_KeepsTheWorkAndTheSameCommandContinues(string signals, int exit)
    {
        using TestFolder folder = new();
        string result = folder["out.mp4"];
        string[] arguments = Order.Fuse(result, target: Clips.Uneven, more: ["--chunk-frames", "8", "--workers", "1"]);
        using RunningFfb first = new(result, arguments);
        await first.UntilAsync(() => first.Segments > 1);

        foreach (string signal in signals.Split(' '))
        {
            first.Signal(signal);
            await Task.Delay(TimeSpan.FromMilliseconds(30), TestContext.Current.CancellationToken);
        }

        await first.EndAsync();

        Assert.Equal(exit, first.ExitCode);
        Assert.Contains("press Ctrl-C again", await first.Said, StringComparison.Ordinal);
        if (!signals.Contains(' ', StringComparison.Ordinal))
        {
            Assert.Contains("the same command continues", await first.Said, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("   at ", await first.Said, StringComparison.Ordinal);
        Assert.Equal([".out.mp4.ffb"], folder.Entries);
        Assert.True(first.Segments > 1);

        FfbResult again = await Ffb.RunAsync(arguments);

        Assert.True(again.Exit == 0, again.Error);
        Assert.Contains("continuing", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("fuse   0 %", again.Error, StringComparison.Ordinal);
        Assert.Equal(["out.mp4", "out.mp4.report.html", "out.mp4.report.json"], folder.Entries);
        Assert.Equal(VideoFacts.FrameTimes(Clips.Uneven), VideoFacts.FrameTimes(result));
    }

    [Fact]
    public async Task Fuse_Killed_TakesItsFfmpegsAlong()
    {
        using TestFolder folder = new();
        string result = folder["out.mp4"];
        string[] arguments = Order.Fuse(result, more: ["--workers", "1"]);
        using RunningFfb run = new(result, arguments);
        int[] children = [];
        await run.UntilAsync(() => (children = run.Ffmpegs).Length > 0);
        Assert.NotEmpty(children);

        // Standing still, they cannot end by themselves for want of input, which would prove nothing. One that stands still before it
        // has asked to be told of our end would stand there for good.
        foreach (int child in children)
        {
            _ = Clips.Ask("kill", "-STOP", $"{child}");
        }

        run.Signal("KILL");
        await run.EndAsync();

        await RunningFfb.WaitAsync(() => run.Children.Length == 0, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Fuse_WorkFolderInUse_IsAConflict()
    {
        using TestFolder folder = new();
        string result = folder["out.mp4"];
        string[] arguments = Order.Fuse(result, target: Clips.Uneven, more: ["--chunk-frames", "8", "--workers", "1"]);
        using RunningFfb first = new(result, arguments);
        await first.UntilAsync(() => first.Segments > 1);

        FfbResult second = await Ffb.RunAsync(arguments);

        Assert.Equal(7, second.Exit);
        Assert.EndsWith("(work-folder-busy)", Assert.Single(second.Complaints), StringComparison.Ordinal);
        await first.EndAsync();
        Assert.True(first.ExitCode == 0, await first.Said);
    }
}
