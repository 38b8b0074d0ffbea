using System.Text.Json;
using FaceFusion.Batch.Cli.Tests.Support;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

/// <summary>A benchmark names its networks in the environment of this process while it runs: nobody may look for models meanwhile.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneInTheProcess;

[Collection(typeof(AloneInTheProcess))]
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
    public async Task Bench_WholeOnly_LeavesOutStagesAndPipe()
    {
        string[] bench = ["bench", "--networks", "free", "--sizes", "360p", "--frames", "16", "--encoder", "null"];
        Run run = await Run.Async([.. bench, "--repeat", "1", "--whole-only", "--output-format", "json"]);
        Assert.Equal(ExitCode.Ok, run.Exit);
        using var document = JsonDocument.Parse(run.Output);
        JsonElement result = document.RootElement.GetProperty("results")[0];
        Assert.True(result.GetProperty("job").GetDouble() > 0);
        Assert.Empty(result.GetProperty("alone").EnumerateObject());
        Assert.False(result.TryGetProperty("pipe", out JsonElement pipe) && pipe.ValueKind != JsonValueKind.Null);
    }

    [Fact]
    public async Task Bench_WithAnEncoder_SaysWhereTheJobWasByTheClock()
    {
        string[] bench = ["bench", "--networks", "free", "--sizes", "360p", "--frames", "16", "--preset", "ultrafast"];
        Run run = await Run.Async([.. bench, "--repeat", "1", "--whole-only", "--output-format", "json"]);
        Assert.True(run.Exit == ExitCode.Ok, run.Error);
        using var document = JsonDocument.Parse(run.Output);
        JsonElement result = document.RootElement.GetProperty("results")[0];
        JsonElement[] phases = [.. result.GetProperty("phases").EnumerateArray()];
        Assert.Equal(
            ["submitting", "preparing", "scanning", "gating", "fusing", "assembling"],
            phases.Select(phase => phase.GetProperty("name").GetString())
        );
        double[] seconds = [.. phases.Select(phase => phase.GetProperty("seconds").GetDouble())];
        Assert.All(seconds, s => Assert.True(s >= 0));
        // Scanning starts a decoder, fusing two processes, assembling two more.
        Assert.All(new[] { seconds[2], seconds[4], seconds[5] }, s => Assert.True(s > 0.02, $"{s} s"));
        Assert.Equal(16 / result.GetProperty("job").GetDouble(), seconds.Sum(), 0.25);
    }

    [Fact]
    public async Task Bench_BaseIsNoAnswer_SaysSoBeforeAnythingIsMeasured()
    {
        Run run = await Run.Async("bench", "--compare", "/dev/null");
        Assert.NotEqual(ExitCode.Ok, run.Exit);
        Assert.Contains("(bench-base)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_Jobs_LooksAfterEachAndPlots()
    {
        string plot = Path.GetTempFileName();
        string[] bench =
        [
            "bench",
            "--networks",
            "free",
            "--sizes",
            "360p",
            "--frames",
            "16",
            "--jobs",
            "3",
            "--plot",
            plot,
            "--output-format",
            "json",
        ];
        Run run = await Run.Async(bench);
        Assert.True(run.Exit == ExitCode.Ok, run.Error);
        using var document = JsonDocument.Parse(run.Output);
        JsonElement answer = document.RootElement;
        Assert.Equal(3, answer.GetProperty("done").GetInt32());
        JsonElement[] looks = [.. answer.GetProperty("looks").EnumerateArray()];
        Assert.Equal([1, 2, 3], looks.Select(look => look.GetProperty("done").GetInt32()));
        Assert.All(looks, look => Assert.True(look.GetProperty("mebibytes").GetDouble() > 20));
        Assert.All(looks, look => Assert.True(look.GetProperty("handles").GetInt32() > 10));
        string svg = await File.ReadAllTextAsync(plot, TestContext.Current.CancellationToken);
        File.Delete(plot);
        Assert.Equal(
            2,
            System.Xml.Linq.XDocument.Parse(svg).Root!.Elements().Count(e => e.Name.LocalName == "polyline")
        );
    }

    /// <summary>Cut long before its end, and it says so.</summary>
    [Fact]
    public async Task Bench_LongAndCut_TellsWhatWasDone()
    {
        Run run = await Run.Async([
            "bench",
            "--networks",
            "free",
            "--sizes",
            "360p",
            "--frames",
            "20000",
            "--long",
            "--seconds",
            "8",
        ]);
        Assert.True(run.Exit == ExitCode.Ok, run.Error);
        Assert.Matches(@"\d+ of 20000 frames in \d+ s; cut, and not extrapolated", run.Output);
        Assert.Contains("second quarter to last: ", run.Output, StringComparison.Ordinal);
    }
}
