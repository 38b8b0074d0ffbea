using FaceFusion.Batch.Cli.Terminals;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Terminals;

public sealed class ProgressViewTests
{
    [Fact]
    public void Show_NoTerminal_WritesOneLineForEachStageAndTenth()
    {
        (ProgressView view, StringWriter error) = View(isTerminal: false);

        view.Show(new JobProgress("prepare", 0, 0, 0));
        view.Show(new JobProgress("prepare", 0, 0, 0));
        for (int frame = 0; frame <= 1000; frame++)
        {
            view.Show(new JobProgress("fuse", frame, 1000, 60));
        }

        view.Show(new JobProgress("assemble", 0, 0, 0));
        view.End();

        string[] lines = Lines(error);
        Assert.Equal(1 + 11 + 1, lines.Length);
        Assert.Equal("prepare", lines[0]);
        Assert.Equal("fuse   0 %  0/1000 frames, 60.0 fps, 0:16 left", lines[1]);
        Assert.Equal("fuse  50 %  500/1000 frames, 60.0 fps, 0:08 left", lines[6]);
        Assert.Equal("fuse 100 %  1000/1000 frames, 60.0 fps", lines[11]);
        Assert.Equal("assemble", lines[12]);
        Assert.DoesNotContain('\u001b', error.ToString());
    }

    [Fact]
    public void Show_NoTerminal_FallingProgressIsNotRepeated()
    {
        (ProgressView view, StringWriter error) = View(isTerminal: false);

        view.Show(new JobProgress("fuse", 55, 100, 10));
        view.Show(new JobProgress("fuse", 30, 100, 10));
        view.Show(new JobProgress("fuse", 59, 100, 10));

        Assert.Single(Lines(error));
    }

    [Fact]
    public void Show_Terminal_RewritesOneLineAndTakesItAway()
    {
        (ProgressView view, StringWriter error) = View(isTerminal: true);

        view.Show(new JobProgress("fuse", 10, 100, 10));
        view.Show(new JobProgress("fuse", 20, 100, 10));
        view.End();

        Assert.DoesNotContain('\n', error.ToString());
        Assert.EndsWith("\r\u001b[2K", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[36m", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Show_Quiet_WritesNothing()
    {
        StringWriter error = new();
        TerminalOptions quiet = new(OutputFormat.Table, true, false, false, false, true);

        ProgressView view = new(error, quiet);
        view.Show(new JobProgress("fuse", 10, 100, 10));
        view.End();

        Assert.Empty(error.ToString());
    }

    [Theory]
    [InlineData(59, "0:59")]
    [InlineData(61, "1:01")]
    [InlineData(3661, "1:01:01")]
    [InlineData(100_000, "27:46:40")]
    public void Clock_Seconds_AsAPlayerShowsThem(int seconds, string expected) =>
        Assert.Equal(expected, JobProgress.Clock(TimeSpan.FromSeconds(seconds)));

    private static (ProgressView View, StringWriter Error) View(bool isTerminal)
    {
        StringWriter error = new() { NewLine = "\n" };
        return (
            new ProgressView(error, new TerminalOptions(OutputFormat.Table, false, false, false, false, isTerminal)),
            error
        );
    }

    private static string[] Lines(StringWriter error) =>
        error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
