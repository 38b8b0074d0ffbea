using System.Text.Json;
using FaceFusion.Batch.Cli.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

public sealed class BenchCommandTests
{
    /// <summary>Both halves in one test: the second run's base is the first one's answer.</summary>
    [Fact]
    public async Task Bench_NullEncoder_SaysStagesAndBoundAndComparesWithAnEarlierRun()
    {
        string[] bench =
        [
            "bench",
            "--networks",
            "free",
            "--sizes",
            "360p",
            "--frames",
            "16",
            "--encoder",
            "null",
            "--repeat",
            "1",
            "--workers",
            "2",
            "--batch",
            "2",
        ];
        Run first = await Run.Async([.. bench, "--output-format", "json"]);
        Assert.Equal(ExitCode.Ok, first.Exit);
        using var document = JsonDocument.Parse(first.Output);
        JsonElement answer = document.RootElement;
        JsonElement result = answer.GetProperty("results")[0];
        JsonElement alone = result.GetProperty("alone");
        Assert.Equal(["decode", "analyse", "fuse"], alone.EnumerateObject().Select(stage => stage.Name));
        double bound = alone.EnumerateObject().Min(stage => stage.Value.GetDouble());
        Assert.Equal(result.GetProperty("job").GetDouble() / bound, answer.GetProperty("ratioToBound").GetDouble(), 9);
        long rows = result
            .GetProperty("batches")
            .GetProperty("bench-swapper")
            .EnumerateArray()
            .Select((count, used) => count.GetInt64() * used)
            .Sum();
        // Sixteen faces of each turn's fusing alone and of its chunks, with the turn that warms up.
        Assert.Equal(2 * 2 * 16, rows);

        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, first.Output, TestContext.Current.CancellationToken);
        Run second = await Run.Async([.. bench, "--compare", file]);
        File.Delete(file);
        Assert.Equal(ExitCode.Ok, second.Exit);
        Assert.Contains("360p job/bound %", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_BaseIsNoAnswer_SaysSoBeforeAnythingIsMeasured()
    {
        Run run = await Run.Async("bench", "--compare", "/dev/null");
        Assert.NotEqual(ExitCode.Ok, run.Exit);
        Assert.Contains("(bench-base)", run.Error, StringComparison.Ordinal);
    }
}
