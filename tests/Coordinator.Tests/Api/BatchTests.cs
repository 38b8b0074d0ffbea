using System.Net;
using System.Text;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

/// <summary>Many jobs at once over HTTP.</summary>
public sealed class BatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Batch_WithRowsThatAreWrong_ListsAllOfThem_AndSubmitsNothingOrTheRest(string database)
    {
        await using ApiHost host = await OpenAsync(database);
        (string target, string source) = await FillAsync(host, "acme");
        (string foreign, string stranger) = await FillAsync(host, "other");
        // A row, and what is wrong with it.
        (string Row, string[] Errors)[] table =
        [
            (Row("good-1"), []),
            ("", []),
            (Row("good-1"), ["/id row-id-repeated"]),
            (Row("=cmd|' /C calc'!A0", more: ",\"labels\":{\"a\":\"b\"}"), []),
            (Row("r1", foreign), ["/target row-part"]),
            (Row("r2", "../../etc/passwd"), ["/target row-part"]),
            (
                Row("r3", more: $",\"sources\":[\"{source}\",\"{source}\",\"{stranger}\"]"),
                ["/sources/1 row-part", "/sources/2 row-part"]
            ),
            (Row("r4", more: ",\"colour\":1"), ["/colour row-malformed"]),
            (
                Row("r5", more: ",\"priority\":101,\"chunkFrames\":7,\"labels\":{\"a\":\"b c\"}"),
                ["/priority row-value", "/chunkFrames row-value", "/labels/a row-value"]
            ),
            (Row("r6", more: ",\"priority\":\"9\""), ["/priority row-malformed"]),
            ("{\"id\":\"r7\"}", ["/target row-value", "/recipe row-value"]),
            ($"{{\"target\":\"{target}\",\"recipe\":{BatchParts.Debug}}}", ["/id row-id-missing"]),
            (Row("tab\\u0000s"), ["/id row-value"]),
            (Row(new string('x', 129)), ["/id row-value"]),
            ("{\"id\":\"r8\",", [" row-malformed"]),
            ("null", [" row-malformed"]),
            ("{\"id\":" + new string('[', 1000) + new string(']', 1000) + "}", ["/id row-malformed"]),
            ("{\"id\":\"r9\",\"id\":\"r9\"}", ["/id row-malformed"]),
            ("{\"id\":\"" + new string('y', 40_000) + "\"}", [" row-too-long"]),
            (Row("r10").Replace("debug", "conjure", StringComparison.Ordinal), ["/recipe/processors/0 row-malformed"]),
            (
                Row("r11").Replace("[{\"processor\":\"debug\"}]", "[]", StringComparison.Ordinal),
                ["/recipe recipe-value"]
            ),
            (Row("r12").Replace("debug", "swap", StringComparison.Ordinal), ["/sources row-part"]),
            (Row("good-2"), []),
        ];
        string Row(string id, string? of = null, string more = "") =>
            $$"""{"id":"{{id}}","target":"{{of ?? target}}","recipe":{{BatchParts.Debug}}{{more}}}""";
        string[] breaks = ["\n", "\r\n", "\r"];
        byte[] manifest =
        [
            .. "\uFEFF"u8,
            .. Encoding.UTF8.GetBytes(string.Concat(table.Select((t, i) => t.Row + breaks[i % 3]))),
            .. "{\"id\":\""u8,
            0xFF,
            .. "\"}"u8,
        ];
        string[] expected =
        [
            .. table.SelectMany((t, i) => t.Errors.Select(e => $"{i + 1} {e}")),
            $"{table.Length + 1} /id row-malformed",
        ];

        ApiBatch refused = await host.Acme.BatchAsync(manifest);

        Assert.Equal(BatchStep.Refused, refused.State);
        int invalid = expected.Select(e => e.Split(' ')[0]).Distinct().Count();
        Assert.Equal((table.Length, 0, invalid), (refused.Rows.Total, refused.Rows.Submitted, refused.Rows.Invalid));
        Assert.Equal(expected, ErrorsOf(await host.Acme.RowsAsync(refused.Id)));
        Assert.NotNull(refused.FinishTime);
        await using (JobsDbContext context = await host.NewContextAsync())
        {
            Assert.Equal(0, await context.Jobs.CountAsync());
        }

        ApiBatch taken = await host.Acme.BatchAsync(manifest, ",\"onRowError\":\"CONTINUE\",\"label\":\"spring\"");

        Assert.Equal((table.Length, 3, invalid), (taken.Rows.Total, taken.Rows.Submitted, taken.Rows.Invalid));
        Assert.Equal(expected, ErrorsOf(await host.Acme.RowsAsync(taken.Id, "filter=state%20%3D%20INVALID")));
        IReadOnlyList<ApiBatchRow> good = [.. (await host.Acme.RowsAsync(taken.Id)).Where(r => r.Job is not null)];
        Assert.Equal([(1, "good-1"), (4, "=cmd|' /C calc'!A0"), (23, "good-2")], good.Select(r => (r.Line, r.Id!)));
        HttpResponseMessage listed = await host.Acme.GetAsync($"/v1/jobs?filter=batch%20%3D%20{taken.Id}");
        Assert.Equal(
            good.Select(r => (r.Job, r.Id)).Order(),
            (await listed.ReadAsync<ApiJobList>()).Jobs.Select(j => ((string?)j.Id, j.Row)).Order()
        );
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Batch_Repeated_IsTheSame_AndItsRowsAreTheSameJobs(string database)
    {
        await using ApiHost host = await OpenAsync(database);
        (string target, _) = await FillAsync(host, "acme");
        string Asked(int priority, params string[] ids) =>
            $$$"""{"rows":[{{{string.Join(",", ids.Select(id => $$"""{"id":"{{id}}"}"""))}}}],"defaults":{"target":"{{{target}}}","recipe":{{{BatchParts.Debug}}},"priority":{{{priority}}}}}""";

        HttpResponseMessage first = await host.Acme.PostBatchAsync(Asked(5, "a", "b"), "k1");
        HttpResponseMessage again = await host.Acme.PostBatchAsync(Asked(5, "a", "b"), "k1");
        HttpResponseMessage other = await host.Acme.PostBatchAsync(Asked(5, "a"), "k1");
        ApiBatch batch = await first.ReadAsync<ApiBatch>();
        Assert.Equal(202, (int)first.StatusCode);
        Assert.Equal($"/v1/batches/{batch.Id}", first.Headers.Location?.ToString());
        Assert.Equal(batch.Id, (await again.ReadAsync<ApiBatch>()).Id);
        Assert.Equal((422, "IDEMPOTENCY_KEY_REUSED"), await other.ProblemAsync());
        _ = await host.Acme.WaitForAsync(batch, b => b.State != BatchStep.Reading);

        // In another batch the row is the job that is there; of another tenant it is a job of its own.
        ApiBatch second = await (await host.Acme.PostBatchAsync(Asked(90, "b", "c"))).ReadAsync<ApiBatch>();
        second = await host.Acme.WaitForAsync(second, b => b.State != BatchStep.Reading);
        Assert.Equal((2, 2, 1, 0), (second.Rows.Total, second.Rows.Submitted, second.Rows.Reused, second.Rows.Invalid));
        Assert.Equal(2, second.Rows.Jobs!.Values.Sum());
        IReadOnlyList<ApiBatchRow> before = await host.Acme.RowsAsync(batch.Id);
        IReadOnlyList<ApiBatchRow> after = await host.Acme.RowsAsync(second.Id);
        Assert.Equal(before[1].Job, after[0].Job);
        Assert.True(after[0].Reused && !after[1].Reused);

        string changed = Asked(5, "b").Replace("\"debug\"", "\"redact\"", StringComparison.Ordinal);
        ApiBatch third = await (await host.Acme.PostBatchAsync(changed)).ReadAsync<ApiBatch>();
        third = await host.Acme.WaitForAsync(third, b => b.State != BatchStep.Reading);
        Assert.Equal((BatchStep.Refused, "row-id-reused"), (third.State, third.Errors!.Single().Code));
        await using JobsDbContext context = await host.NewContextAsync();
        Assert.Equal(3, await context.Jobs.CountAsync());
    }

    [Fact]
    public async Task Batch_OfAnotherTenant_OrOfNothing_Is404_AndWhatIsNoBatchIs400()
    {
        await using ApiHost host = await OpenAsync("sqlite");
        (string target, _) = await FillAsync(host, "acme");
        ApiBatch batch = await host.Acme.BatchAsync(BatchParts.Lines(target, 3));
        (HttpMethod Method, string Path)[] verbs =
        [
            (HttpMethod.Get, ""),
            (HttpMethod.Get, "/rows"),
            (HttpMethod.Post, ":cancel"),
            (HttpMethod.Post, ":retryFailed"),
        ];
        foreach ((HttpMethod method, string path) in verbs)
        {
            foreach (string id in new[] { batch.Id, "bat_0", batch.Id[4..], "bat_" + new string('0', 32) })
            {
                using HttpRequestMessage request = new(method, $"/v1/batches/{id}{path}");
                Assert.Equal((404, "NOT_FOUND"), await (await host.Other.SendAsync(request)).ProblemAsync());
            }
        }

        Assert.DoesNotContain(
            "CANCEL",
            await host.Acme.GetStringAsync($"/v1/batches/{batch.Id}"),
            StringComparison.Ordinal
        );
        Assert.Empty((await (await host.Other.GetAsync("/v1/batches")).ReadAsync<ApiBatchList>()).Batches);
        ApiUpload theirs = await host.Acme.UploadAsync("id\na"u8.ToArray(), UploadFor.Manifest);
        string[] bodies =
        [
            "{}",
            """{"rows":[]}""",
            """{"rows":[{"id":"a"}],"manifestUpload":"upl_1"}""",
            $$"""{"manifestUpload":"{{theirs.Id}}"}""",
            $$"""{"manifestUpload":"{{target}}"}""",
            """{"rows":[{"id":"a"}],"onRowError":"ignore"}""",
            """{"rows":[{"id":"a"}],"defaults":{"id":"x"}}""",
            """{"rows":[{"id":"a"}],"defaults":{"labels":{"a b":"c"}}}""",
        ];
        foreach (string body in bodies)
        {
            Assert.Equal((400, "INVALID_REQUEST"), await (await host.Other.PostBatchAsync(body)).ProblemAsync());
        }

        foreach (string query in new[] { "filter=state%20%3D%20'", "filter=x", "pageToken=AAAA", "pageSize=0" })
        {
            HttpResponseMessage answer = await host.Acme.GetAsync($"/v1/batches/{batch.Id}/rows?{query}");
            Assert.Equal((400, "INVALID_REQUEST"), await answer.ProblemAsync());
        }

        // Refused before it is sent: an answer in the midst of sending may not be seen.
        host.Acme.DefaultRequestHeaders.ExpectContinue = true;
        Assert.Equal(413, (int)(await host.Acme.PostBatchAsync(new string(' ', 1 << 20) + "{}")).StatusCode);
    }

    [Fact]
    public async Task ValidateOnly_TellsWhatIsWrong_AndMakesNothing()
    {
        await using ApiHost host = await OpenAsync("sqlite");
        (string target, _) = await FillAsync(host, "acme");
        string asked =
            $$$"""{"rows":[{"id":"a","target":"{{{target}}}"},{"id":"b"},{"x":1}],"defaults":{"recipe":{{{BatchParts.Debug}}}}}""";

        HttpResponseMessage answer = await host.Acme.PostBatchAsync(asked, query: "?validateOnly=true");

        ApiBatchCheck check = await answer.ReadAsync<ApiBatchCheck>();
        Assert.Equal((HttpStatusCode.OK, 3, 2), (answer.StatusCode, check.Rows, check.Invalid));
        Assert.Equal([(2, "/target"), (3, "/x")], check.Errors.Select(e => (e.Line, e.Pointer)));
        await using JobsDbContext context = await host.NewContextAsync();
        Assert.Equal((0, 0), (await context.Jobs.CountAsync(), await context.Batches.CountAsync()));
    }

    [Fact]
    public async Task Batch_OfRealJobs_IsPolledPagedAndEnds()
    {
        await using ApiHost host = await OpenAsync("sqlite", new SegmentPress());
        ApiUpload clip = await host.Acme.UploadAsync(await File.ReadAllBytesAsync(TinyClip.FullPath));
        ApiBatch batch = await host.Acme.BatchAsync(BatchParts.Lines(clip.Id, 3));
        List<int> lines = [];
        string? next = "";
        while (next is not null)
        {
            ApiBatchRowList page = await (
                await host.Acme.GetAsync($"/v1/batches/{batch.Id}/rows?pageSize=2&pageToken={next}")
            ).ReadAsync<ApiBatchRowList>();
            lines.AddRange(page.Rows.Select(r => r.Line));
            next = page.NextPageToken;
        }

        Assert.Equal([1, 2, 3], lines);

        batch = await host.Acme.WaitForAsync(batch, b => b.FinishTime is not null);

        Assert.Equal((BatchStep.Succeeded, 3), (batch.State, batch.Rows.Jobs![JobStep.Succeeded]));
        using HttpRequestMessage poll = new(HttpMethod.Get, $"/v1/batches/{batch.Id}");
        poll.Headers.IfNoneMatch.Add((await host.Acme.GetAsync($"/v1/batches/{batch.Id}")).Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await host.Acme.SendAsync(poll)).StatusCode);
        Assert.Equal(3, (await host.Acme.RowsAsync(batch.Id, "filter=state%20%3D%20SUCCEEDED")).Count);
        HttpResponseMessage late = await host.Acme.PostAsync($"/v1/batches/{batch.Id}:cancel", null);
        Assert.Equal((409, "INVALID_STATE"), await late.ProblemAsync());
        ApiBatchList all = await (await host.Acme.GetAsync("/v1/batches")).ReadAsync<ApiBatchList>();
        Assert.Equal(batch.Id, Assert.Single(all.Batches).Id);
    }

    private Task<ApiHost> OpenAsync(string database, SegmentPress? press = null) =>
        ApiHost.OpenAsync(
            _folder,
            database,
            coordinator: options => options with { SweepSeconds = 0.1, HeartbeatSeconds = press is null ? 5 : 0.25 },
            press: press
        );

    /// <summary>A target and a source of the tenant.</summary>
    private static async Task<(string Target, string Source)> FillAsync(ApiHost host, string tenant)
    {
        await using JobsDbContext context = await host.NewContextAsync();
        UploadRow target = context.Uploads.Add(BatchParts.ReadyTarget(tenant)).Entity;
        SourceRow source = context.Sources.Add(BatchParts.Source(tenant)).Entity;
        _ = await context.SaveChangesAsync();
        return (ApiIds.Write(ApiIds.Upload, target.Id), ApiIds.Write(ApiIds.Source, source.Id));
    }

    private static string[] ErrorsOf(IEnumerable<ApiBatchRow> rows) =>
        [.. rows.SelectMany(r => r.Errors ?? []).Select(e => $"{e.Line} {e.Pointer} {e.Code}")];
}
