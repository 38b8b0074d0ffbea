using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Contracts.Recipes;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Terminals;

public sealed class JobBoardTests
{
    [Fact]
    public void Show_NoTerminal_WritesOneLineForEachStateAndTenth()
    {
        StringWriter error = new() { NewLine = "\n" };
        JobBoard board = Board(error, ["job_1"], isTerminal: false);

        board.Show(Job("job_1", JobStep.Validating, 0, 0));
        board.Show(Job("job_1", JobStep.Validating, 0, 0));
        for (int frames = 0; frames <= 1000; frames += 5)
        {
            board.Show(Job("job_1", JobStep.Running, frames, 1000));
        }

        board.Show(Job("job_1", JobStep.Failed, 1000, 1000, new ApiFailure("disk-full", "Make\u001b[2J room.", false)));
        board.End();

        string[] lines = error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + 11 + 1, lines.Length);
        Assert.Equal("validating", lines[0]);
        Assert.StartsWith("running   0 %  0/1000 frames", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("running 100 %  1000/1000 frames", lines[11], StringComparison.Ordinal);
        Assert.Equal("failed: Make\uFFFD[2J room. (disk-full)", lines[12]);
    }

    [Fact]
    public void Show_SeveralWithoutATerminal_NamesTheJob()
    {
        StringWriter error = new() { NewLine = "\n" };
        JobBoard board = Board(error, ["job_1", "job_2"], isTerminal: false);

        board.Show(Job("job_2", JobStep.Queued, 0, 0));

        Assert.Equal("job_2 queued\n", error.ToString());
    }

    [Fact]
    public void Show_Terminal_LinesFitAndAreTakenAway()
    {
        StringWriter error = new() { NewLine = "\n" };
        string[] ids = [.. Enumerable.Range(0, 30).Select(i => $"job_{i:D8}")];
        JobBoard board = Board(error, ids, isTerminal: true);

        foreach (string id in ids)
        {
            board.Show(Job(id, JobStep.Running, 5, 1000));
        }

        int before = error.ToString().Length;
        board.End();

        string last = error.ToString()[..before].Split("\u001b[1A\u001b[2K")[^1];
        string[] lines = last.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(21, lines.Length);
        Assert.Equal("and 10 more", lines[20]);
        Assert.All(lines, line => Assert.True(line.Length < 50, line));
        int taken = error.ToString()[before..].Split("\u001b[1A\u001b[2K").Length - 1;
        Assert.Equal(21, taken);
    }

    private static JobBoard Board(TextWriter error, string[] ids, bool isTerminal) =>
        new(
            error,
            new TerminalOptions(OutputFormat.Table, false, false, false, false, isTerminal),
            ids,
            TimeProvider.System,
            () => 50
        );

    private static ApiJob Job(string id, JobStep state, int done, int total, ApiFailure? failure = null) =>
        new()
        {
            Id = id,
            Kind = JobFor.Fuse,
            State = state,
            Sources = [],
            Recipe = new Recipe { Processors = [new SwapStep()] },
            Priority = 50,
            Labels = new Dictionary<string, string>(),
            Progress = new ApiProgress(done, total, 0, 0),
            CreateTime = default,
            UpdateTime = default,
            Failure = failure,
            Gates = [],
            Warnings = [],
        };
}
