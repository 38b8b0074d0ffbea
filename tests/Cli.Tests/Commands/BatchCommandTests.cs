using System.Text.Json;
using FaceFusion.Batch.Cli.Commands.Batches;
using FaceFusion.Batch.Cli.Tests.Support;
using FaceFusion.Batch.Contracts.Api.Batches;
using Xunit;

namespace FaceFusion.Batch.Cli.Tests.Commands;

/// <summary>Batches, from files of this machine to a coordinator and back.</summary>
public sealed class BatchCommandTests
{
    [Fact]
    public async Task Submit_AManifest_BringsEachFileOnce_AndARunAgainMakesNothingNew()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        File.Copy(Files.TinyClip, fleet.PathOf("a.mp4"));
        File.Copy(Files.Photo, fleet.PathOf("me.jpg"));
        string manifest = fleet.PathOf("rows.csv");
        await File.WriteAllTextAsync(
            manifest,
            "id,target,source,priority,label.campaign\r\none,a.mp4,me.jpg,80,spring\n\ntwo,./a.mp4,,,\n"
        );

        Run first = await fleet.RunAsync(key, "batch", "submit", manifest, "--source", Files.Photo);
        Run again = await fleet.RunAsync(key, "batch", "submit", manifest, "--source", Files.Photo);

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (first.Exit, again.Exit));
        string id = Assert.Single(first.Lines);
        JsonElement rows = await WaitForRowsAsync(fleet, key, id, 2);
        Assert.Equal([(2, "one"), (4, "two")], rows.EnumerateArray().Select(LineAndId));
        JsonElement more = await WaitForRowsAsync(fleet, key, Assert.Single(again.Lines), 2);
        Assert.Equal(JobsOf(rows), JobsOf(more));
        // The clip, the photo and the rows, whatever often they are named.
        Assert.Equal(3, fleet.Requests.Count(r => r.StartsWith("PUT ", StringComparison.Ordinal)));
        JsonElement jobs = (await fleet.RunAsync(key, "jobs", "list", "--output-format", "json")).Json;
        Assert.Equal(2, jobs.GetProperty("jobs").GetArrayLength());
        Run listed = await fleet.RunAsync(key, "batch", "list", "--output-format", "jsonl");
        Assert.Equal(2, listed.Lines.Length);
        Assert.Equal(ExitCode.Ok, (await fleet.RunAsync(key, "batch", "cancel", id)).Exit);
        Assert.Equal(ExitCode.Cancelled, (await fleet.RunAsync(key, "batch", "watch", id)).Exit);
    }

    [Fact]
    public async Task Submit_WhatIsWrong_TellsAllOfIt_AndSendsNothing()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string key = await fleet.KeyFileAsync();
        File.Copy(Files.TinyClip, fleet.PathOf("a.mp4"));
        string manifest = fleet.PathOf("rows.jsonl");
        await File.WriteAllTextAsync(
            manifest,
            """
            {"id":"a","target":"a.mp4"}
            {"id":"a","target":"none.mp4","priority":101}
            {"target":"a.mp4","colour":1}
            {"id":"b","target":"a.mp4","recipe":{"processors":[]}}
            {"id":
            """
        );

        Run run = await fleet.RunAsync(key, "batch", "submit", manifest);

        Assert.Equal((ExitCode.Precheck, ""), (run.Exit, run.Output));
        string[] lines = [.. run.Error.Split('\n').Where(l => l.StartsWith("line ", StringComparison.Ordinal))];
        Assert.Equal([1, 2, 2, 2, 2, 3, 4, 4, 5], lines.Select(l => int.Parse(l.Split(' ', ':')[1])));
        Assert.Empty(fleet.Requests);
        Assert.Equal(
            ExitCode.Ok,
            (
                await fleet.RunAsync(
                    key,
                    "batch",
                    "submit",
                    fleet.PathOf("*.mp4"),
                    "--source",
                    Files.Photo,
                    "--dry-run"
                )
            ).Exit
        );
        Assert.Empty(fleet.Requests);
    }

    [Fact]
    public void Places_OfRowsWithAnyName_StayWhereTheyBelong()
    {
        string[] names = ["../../etc/passwd", "..", "a/b", "a\\b", "-rf", "con", "ok", "OK", "é\u202e"];
        ApiBatchRow[] rows =
        [
            .. names.Select(
                (name, i) =>
                    new ApiBatchRow
                    {
                        Line = i,
                        Id = name,
                        Job = $"job_{i:D32}",
                    }
            ),
        ];

        string[] places = [.. BatchDownloadCommand.Places(rows, "/tmp/out/{id}.mp4").Select(p => p.Path)];

        Assert.All(places, place => Assert.Equal("/tmp/out", Path.GetDirectoryName(place)));
        Assert.Equal(names.Length, places.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    private static (int, string?) LineAndId(JsonElement row) =>
        (row.GetProperty("line").GetInt32(), row.GetProperty("id").GetString());

    private static IEnumerable<string?> JobsOf(JsonElement rows) =>
        rows.EnumerateArray().Select(r => r.GetProperty("job").GetString());

    private static async Task<JsonElement> WaitForRowsAsync(TestFleet fleet, string key, string id, int count)
    {
        for (int i = 0; ; i++)
        {
            Run run = await fleet.RunAsync(key, "batch", "rows", id, "--output-format", "json");
            JsonElement rows = run.Json.GetProperty("rows");
            if (rows.GetArrayLength() == count)
            {
                return rows;
            }

            Assert.True(i < 100, run.Output);
            await Task.Delay(100);
        }
    }
}
