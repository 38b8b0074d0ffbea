using System.Text.Json;
using FaceFusion.Batch.Cli.Client;
using FaceFusion.Batch.Cli.Scaling;
using FaceFusion.Batch.Cli.Terminals;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.TestKit;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

/// <summary>The scaler's options, its order of stopping, and what it makes of a fleet's answers.</summary>
public sealed class ScaleCommandTests
{
    private static readonly string[] Servers = ["--rabbitmq", "amqp://u:p@broker/", "--blob-origin", "http://store"];

    [Theory]
    [InlineData("--max must be 1 to 64", "--max", "0")]
    [InlineData("--max must be 1 to 64", "--max", "65")]
    [InlineData("--min must be 0 to --max, which is 2", "--min", "3", "--max", "2")]
    [InlineData("--target must be 0.1 to 86400 seconds", "--target", "0")]
    [InlineData("--every must be 0.1 to 86400 seconds", "--every", "NaN")]
    [InlineData("--cooldown must be 0 to 86400 seconds", "--cooldown", "-1")]
    [InlineData("Behind --: ", "--", "--slotz", "3")]
    [InlineData("--name cannot be the same for several workers", "--", "--name", "gpu")]
    [InlineData("--listen cannot be the same for several workers", "--", "--listen", "127.0.0.1:1")]
    [InlineData("--rabbitmq is missing", "--", "--slots", "3")]
    [InlineData("--rabbitmq is missing", "--max", "2")]
    [InlineData(
        "--drain (FFB_DRAIN) must be a number",
        "--",
        "--rabbitmq",
        "amqp://b/",
        "--blob-origin",
        "http://s",
        "--drain",
        "x"
    )]
    public async Task Scale_AnOptionThatCannotBe_IsToldBeforeAnythingStarts(string words, params string[] arguments)
    {
        Run run = await Run.Async(["scale", .. arguments]);

        Assert.Equal(ExitCode.Precheck, run.Exit);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.EndsWith("(usage)\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WorkerOptions_GivesThemOnAsTheyAre()
    {
        WorkerArguments read = WorkerArguments.Read([.. Servers, "--slots", "3", "--drain", "7"]);

        Assert.Equal([.. Servers, "--slots", "3", "--drain", "7"], read.Given);
        Assert.Equal((TimeSpan.FromSeconds(7), 3), (read.Drain, read.Slots));
    }

    [Theory]
    [InlineData(1, "d")]
    [InlineData(2, "d b")]
    [InlineData(3, "d b c")]
    [InlineData(9, "d b c a")]
    public void Choose_TakesIdleOnesFirst_ThenThoseWithTheFewestChunks_TheNewestOfThem(int count, string names)
    {
        Dictionary<string, int> busy = new()
        {
            ["a"] = 2,
            ["b"] = 0,
            ["c"] = 1,
            ["another"] = 0,
        };

        Assert.Equal(names.Split(' '), StopOrder.Choose(["a", "b", "c", "d"], busy, count));
    }

    [Fact]
    public void Died_AgainAndAgain_WaitsTwiceAsLong_UntilOneLived()
    {
        ManualTimeProvider clock = new();
        RestartPause pause = new(clock);
        Assert.True(pause.IsOver);

        foreach (int seconds in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            pause.Died(TimeSpan.FromSeconds(3));
            clock.Advance(TimeSpan.FromSeconds(seconds - 0.5));
            Assert.False(pause.IsOver);
            clock.Advance(TimeSpan.FromSeconds(0.5));
            Assert.True(pause.IsOver);
        }

        pause.Died(TimeSpan.FromMinutes(2));
        Assert.True(pause.IsOver);
    }

    [Fact]
    public async Task Look_FollowsUpAtOnce_StaysWhileNobodyAnswers_AndGoesDownAfterWindowAndCooldown()
    {
        double? owed = 0;
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            (http, _) =>
                owed is { } seconds
                    ? http.Response.WriteAsJsonAsync(
                        new
                        {
                            owedSeconds = seconds,
                            owedFrames = 0,
                            unplannedJobs = 0,
                            secondsPerFrame = 0.02,
                            workers = 0,
                            slots = 0,
                            busySlots = 0,
                        }
                    )
                    : ScriptedServer.ProblemAsync(http, 403, "forbidden", "No.")
        );
        using ApiConnection connection = new(server.Address, "ffb_x_y", TimeProvider.System);
        ManualTimeProvider clock = new();
        ScaleSettings settings = new()
        {
            Least = 0,
            Most = 4,
            TargetSeconds = 240,
            Every = TimeSpan.FromSeconds(15),
            WindowSeconds = 60,
            CooldownSeconds = 100,
            IsDryRun = true,
        };
        ScaleLoop loop = new(settings, connection, null, clock, _ => { });
        List<string> wanted = [];
        foreach (
            (double at, double? says) in (IEnumerable<(double, double?)>)
                [(0, 0), (15, 1), (30, 700), (45, 2000), (60, null), (75, 100), (130, 0), (160, 0), (175, 0), (176, 0)]
        )
        {
            clock.Advance(TimeSpan.FromSeconds(at) - Elapsed(clock));
            owed = says;
            ScaleDecision look = await loop.LookAsync(CancellationToken.None);
            Assert.Equal(look.Wanted, look.Running);
            Assert.Equal(says is null ? "forbidden" : null, look.Trouble);
            wanted.Add($"{look.Wanted}");
        }

        Assert.Equal("0 1 3 4 4 4 1 1 0 0", string.Join(' ', wanted));
        Assert.All(server.Seen, seen => Assert.Equal("Bearer ffb_x_y", seen));
    }

    [Fact]
    public async Task Look_WithoutTheScope_EndsBeforeAnythingStarts()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync("acme", ApiScope.ReadJobs);

        Run run = await fleet.RunAsync(key, "scale", "--dry-run");

        Assert.Equal(ExitCode.Unauthorized, run.Exit);
    }

    [Fact]
    public void Decision_ToPeopleAndToPrograms()
    {
        ScaleDecision look = new()
        {
            Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            OwedSeconds = 512.34,
            Desired = 3,
            Wanted = 2,
            Running = 2,
            Draining = 1,
            Started = ["h-1-2"],
            Ended = ["h-1-1"],
            DryRun = false,
        };
        StringWriter output = new() { NewLine = "\n" };
        new Terminal(
            output,
            TextWriter.Null,
            new TerminalOptions(OutputFormat.Json, false, false, false, false, false)
        ).Tell(look);

        Assert.Equal("03:04:05  512.3 s owed  2 of 2 workers, 1 draining; started h-1-2; ended h-1-1", look.ToString());
        JsonElement json = JsonDocument.Parse(Assert.Single(output.ToString().Split('\n')[..^1])).RootElement;
        Assert.Equal(1, json.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(512.34, json.GetProperty("owedSeconds").GetDouble());
        Assert.Equal("h-1-2", json.GetProperty("started")[0].GetString());
        Assert.False(json.TryGetProperty("trouble", out _));
    }

    private static TimeSpan Elapsed(ManualTimeProvider clock) =>
        clock.GetUtcNow() - new ManualTimeProvider().GetUtcNow();
}
