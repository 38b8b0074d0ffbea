using System.Text.Json;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Coordinator.Api.Access;
using MassTransit;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

/// <summary>Commands that speak to a fleet, from the command line to a coordinator and back.</summary>
public sealed class FleetCommandTests
{
    [Fact]
    public async Task Submit_APhotoAndAClip_PrintsTheJobsIdAlone()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();

        Run submitted = await SubmitAsync(fleet, key, "--priority", "80", "--label", "a=1", "--label", "b=2");

        Assert.Equal(ExitCode.Ok, submitted.Exit);
        string id = Assert.Single(submitted.Lines);
        Assert.Contains($"ffb jobs watch {id}", submitted.Error, StringComparison.Ordinal);
        JsonElement job = (await fleet.RunAsync(key, "jobs", "get", id, "--output-format", "json")).Json;
        Assert.Equal(1, job.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(id, job.GetProperty("id").GetString());
        Assert.Equal(80, job.GetProperty("priority").GetInt32());
        Assert.Equal("1", job.GetProperty("labels").GetProperty("a").GetString());
        Assert.Equal("2", job.GetProperty("labels").GetProperty("b").GetString());
        Assert.Equal("source", job.GetProperty("sources")[0].GetString());
    }

    [Fact]
    public async Task Submit_TheSameIdempotencyKey_MakesOneJob()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();

        Run first = await SubmitAsync(fleet, key, "--idempotency-key", "row-7");
        Run again = await SubmitAsync(fleet, key, "--idempotency-key", "row-7");
        Run other = await SubmitAsync(fleet, key, "--idempotency-key", "row-7", "--priority", "3");
        Run without = await SubmitAsync(fleet, key);

        Assert.Equal(first.Output, again.Output);
        Assert.Equal(ExitCode.Conflict, other.Exit);
        Assert.Contains("(idempotency-key-reused)", other.Error, StringComparison.Ordinal);
        Assert.NotEqual(first.Output, without.Output);
        Assert.Equal(2, (await ListAsync(fleet, key)).Length);
    }

    [Fact]
    public async Task Submit_DryRun_ShowsThePlanAndMakesNoJob()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();

        Run planned = await SubmitAsync(fleet, key, "--dry-run", "--chunk-frames", "10", "--output-format", "json");

        Assert.Equal(ExitCode.Ok, planned.Exit);
        Assert.Equal(30, planned.Json.GetProperty("plan").GetProperty("frames").GetInt32());
        Assert.Equal(3, planned.Json.GetProperty("plan").GetProperty("chunks").GetInt32());
        Assert.Empty(await ListAsync(fleet, key));
    }

    [Theory]
    [InlineData("NotFound", "video-missing", "--source", "PHOTO", "--target", "none.mp4")]
    [InlineData("NotFound", "source-missing", "--source", "none.jpg", "--target", "CLIP")]
    [InlineData("Precheck", "source-not-given", "--target", "CLIP")]
    [InlineData("Precheck", "usage", "--source", "PHOTO", "--target", "CLIP", "--label", "a b=1")]
    [InlineData("Precheck", "usage", "--source", "PHOTO", "--target", "CLIP", "--priority", "101")]
    public async Task Submit_WrongArguments_SendsNothing(string exit, string code, params string[] arguments)
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        string[] real =
        [
            .. arguments.Select(a =>
                a == "PHOTO" ? Files.Photo
                : a == "CLIP" ? Files.TinyClip
                : a
            ),
        ];

        Run refused = await fleet.RunAsync(key, ["submit", .. real]);

        Assert.Equal(exit, $"{refused.Exit}");
        Assert.EndsWith($"({code})\n", refused.Error, StringComparison.Ordinal);
        Assert.Empty(fleet.Requests);
    }

    [Fact]
    public async Task Jobs_Changes_AreDoneAndAnswered()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        string id = (await SubmitAsync(fleet, key)).Output.Trim();

        Assert.Equal($"{id}  paused\n", (await fleet.RunAsync(key, "jobs", "pause", id)).Output);
        Assert.NotEqual($"{id}  paused\n", (await fleet.RunAsync(key, "jobs", "resume", id)).Output);
        Assert.Equal($"{id}  priority 7\n", (await fleet.RunAsync(key, "jobs", "priority", id, "7")).Output);
        Run early = await fleet.RunAsync(key, "jobs", "delete", id);
        Assert.Equal((ExitCode.Conflict, ""), (early.Exit, early.Output));
        Run cancelled = await fleet.RunAsync(key, "jobs", "cancel", id, "--reason", "wrong face");
        Assert.Equal($"{id}  cancelled\n", cancelled.Output);
        Run watched = await fleet.RunAsync(key, "jobs", "watch", id);
        Assert.Equal(ExitCode.Cancelled, watched.Exit);
        Assert.Contains("cancelled: wrong face", watched.Error, StringComparison.Ordinal);
        Assert.NotEqual($"{id}  cancelled\n", (await fleet.RunAsync(key, "jobs", "retry", id)).Output);
        Assert.Equal(ExitCode.Ok, (await fleet.RunAsync(key, "jobs", "cancel", id)).Exit);
        Assert.Equal($"{id}  deleted\n", (await fleet.RunAsync(key, "jobs", "delete", id)).Output);
        Assert.Equal(ExitCode.NotFound, (await fleet.RunAsync(key, "jobs", "get", id)).Exit);
    }

    [Fact]
    public async Task Jobs_SeveralIdsAndOneIsNone_DoesTheOthers()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        string a = (await SubmitAsync(fleet, key)).Output.Trim();
        string b = (await SubmitAsync(fleet, key)).Output.Trim();

        Run cancelled = await fleet.RunAsync(key, "jobs", "cancel", a, "job_none", b);

        Assert.Equal(ExitCode.SomeFailed, cancelled.Exit);
        Assert.Equal([$"{a}  cancelled", $"{b}  cancelled"], cancelled.Lines);
        Assert.Contains(
            "job_none: Nothing of yours has this id. (not-found)",
            cancelled.Error,
            StringComparison.Ordinal
        );
        Run watched = await fleet.RunAsync(key, "jobs", "watch", a, b, "--output-format", "jsonl");
        Assert.Equal(ExitCode.SomeFailed, watched.Exit);
        Assert.Equal(2, watched.Lines.Length);
    }

    [Fact]
    public async Task JobsList_Filters_AreCombined()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        string a = (await SubmitAsync(fleet, key, "--label", "row=1")).Output.Trim();
        string b = (await SubmitAsync(fleet, key, "--label", "row=2")).Output.Trim();
        _ = await fleet.RunAsync(key, "jobs", "cancel", b);

        Assert.Equal([b], await ListAsync(fleet, key, "--state", "cancelled"));
        Assert.Equal([a], await ListAsync(fleet, key, "--label", "row=1"));
        Assert.Empty(await ListAsync(fleet, key, "--label", "row=1", "--state", "cancelled"));
        Assert.Equal([b], await ListAsync(fleet, key, "--limit", "1"));
        Run lines = await fleet.RunAsync(key, "jobs", "list", "--output-format", "jsonl");
        Assert.Equal(
            [b, a],
            lines.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!)
        );
        Run table = await fleet.RunAsync(key, "jobs", "list");
        Assert.Equal(3, table.Lines.Length);
        Assert.DoesNotContain('\u001b', table.Output);
    }

    [Fact]
    public async Task JobsDownload_JobThatHasMadeNothing_SaysWhereItIs()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        string id = (await SubmitAsync(fleet, key)).Output.Trim();
        _ = await fleet.RunAsync(key, "jobs", "pause", id);

        Run refused = await fleet.RunAsync(key, "jobs", "download", id);

        Assert.Equal(ExitCode.Conflict, refused.Exit);
        Assert.Contains(
            $"it is paused. `ffb jobs watch {id}` waits for it. (output-none)",
            refused.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Submit_ResultHasNoPlace_SendsNothing()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();

        Run exists = await SubmitAsync(fleet, key, "--watch", "--output", Files.TinyClip);
        Run nowhere = await SubmitAsync(fleet, key, "--watch", "--output", fleet.PathOf("none/out.mp4"));
        Run unwatched = await SubmitAsync(fleet, key, "--output", fleet.PathOf("out.mp4"));

        Assert.Equal((ExitCode.Conflict, ExitCode.Precheck), (exists.Exit, nowhere.Exit));
        Assert.Contains("(output-exists)", exists.Error, StringComparison.Ordinal);
        Assert.Contains("(output-folder-missing)", nowhere.Error, StringComparison.Ordinal);
        Assert.Contains("--output needs --watch", unwatched.Error, StringComparison.Ordinal);
        Assert.Empty(fleet.Requests);
    }

    [Fact]
    public async Task Workers_DrainedAndResumed_AreListedAsSuch()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync("ops", ApiScope.Workers);
        await fleet.Get<IBus>().Publish(new WorkerReported("gpu-7", Slots: 4, Busy: 0), Stop);
        Run listed;
        do
        {
            listed = await fleet.RunAsync(key, "workers", "list");
        } while (!listed.Output.Contains("gpu-7", StringComparison.Ordinal) && !Stop.IsCancellationRequested);

        Run drained = await fleet.RunAsync(key, "workers", "drain", "gpu-7");
        Run resumed = await fleet.RunAsync(key, "workers", "resume", "gpu-7");

        Assert.Matches(@"gpu-7 +live +0 +4 ", listed.Output);
        Assert.Matches(@"^gpu-7  drain(ing|ed)\n$", drained.Output);
        Assert.Equal("gpu-7  live\n", resumed.Output);
        Assert.Equal(ExitCode.NotFound, (await fleet.RunAsync(key, "workers", "drain", "gpu-8")).Exit);
        string reader = await fleet.KeyFileAsync("acme", ApiScope.ReadJobs);
        Assert.Equal(ExitCode.Unauthorized, (await fleet.RunAsync(reader, "workers", "list")).Exit);
    }

    [Fact]
    public async Task Access_NoKeyOrAWrongOne_IsExitCodeFive()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string forged = fleet.PathOf("forged");
        await File.WriteAllTextAsync(forged, $"ffb_{Guid.NewGuid():N}_{new string('0', 64)}\n", Stop);
        string reader = await fleet.KeyFileAsync("acme", ApiScope.ReadJobs);

        Assert.Equal((ExitCode.Unauthorized, "key-missing"), await CodeAsync(fleet, fleet.PathOf("none")));
        Assert.Equal((ExitCode.Unauthorized, "key-malformed"), await CodeAsync(fleet, Files.Photo));
        Assert.Equal((ExitCode.Unauthorized, "unauthorized"), await CodeAsync(fleet, forged));
        Assert.Equal((ExitCode.Ok, ""), await CodeAsync(fleet, reader));
        Run submitted = await SubmitAsync(fleet, reader);
        Assert.Equal(ExitCode.Unauthorized, submitted.Exit);
        Assert.EndsWith("(forbidden)\n", submitted.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_AnotherTenant_FindsNothing()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string id = (await SubmitAsync(fleet, await fleet.KeyFileAsync("acme"))).Output.Trim();
        string other = await fleet.KeyFileAsync("other");

        Assert.Empty(await ListAsync(fleet, other));
        foreach (string command in new[] { "get", "watch", "cancel", "retry", "pause", "resume", "delete" })
        {
            Assert.Equal(ExitCode.NotFound, (await fleet.RunAsync(other, "jobs", command, id)).Exit);
        }

        Assert.Equal(ExitCode.NotFound, (await fleet.RunAsync(other, "chunks", "list", id)).Exit);
    }

    [Fact]
    public async Task Server_NobodyThere_IsExitCodeNineInAFewSeconds()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        await fleet.StopAsync();
        long start = TimeProvider.System.GetTimestamp();

        Run refused = await fleet.RunAsync(key, "jobs", "list");

        Assert.Equal(ExitCode.Unavailable, refused.Exit);
        Assert.EndsWith("(server-unreachable)\n", refused.Error, StringComparison.Ordinal);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<Run> SubmitAsync(TestFleet fleet, string key, params string[] more) =>
        fleet.RunAsync(key, ["submit", "--source", Files.Photo, "--target", Files.TinyClip, .. more]);

    private static async Task<string[]> ListAsync(TestFleet fleet, string key, params string[] more)
    {
        Run listed = await fleet.RunAsync(key, ["jobs", "list", "--output-format", "json", .. more]);
        return [.. listed.Json.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString()!)];
    }

    private static async Task<(ExitCode, string)> CodeAsync(TestFleet fleet, string key)
    {
        Run run = await fleet.RunAsync(key, "jobs", "list");
        return (run.Exit, run.Exit == ExitCode.Ok ? "" : run.Error.Split('(')[^1].TrimEnd(')', '\n'));
    }
}
