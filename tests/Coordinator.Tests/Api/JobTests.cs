using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Uploads;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

/// <summary>A job over HTTP: asked for, read, changed and forgotten.</summary>
public sealed class JobTests : IDisposable
{
    private const string Debug = """{"processors":[{"processor":"debug"}]}""";

    private static readonly byte[] Clip = File.ReadAllBytes(TinyClip.FullPath);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Job_FromAnUpload_IsMadeOnce_PolledForOneRead_AndEnds()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        ApiUpload target = await host.Acme.UploadAsync(Clip);
        string asked = Asked(target.Id);
        HttpResponseMessage plan = await host.Acme.PostAsync("/v1/jobs?validateOnly=true", Json(asked));
        Assert.Equal((30, 3), await PlanAsync(plan));

        HttpResponseMessage first = await PostAsync(host.Acme, asked, "k1");
        HttpResponseMessage again = await PostAsync(host.Acme, asked, "k1");
        HttpResponseMessage other = await PostAsync(host.Acme, Asked(target.Id, ",\"priority\":9"), "k1");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        ApiJob job = await first.ReadAsync<ApiJob>();
        Assert.Equal(job.Id, (await again.ReadAsync<ApiJob>()).Id);
        Assert.Equal((422, "IDEMPOTENCY_KEY_REUSED"), await other.ProblemAsync());
        await using (JobsDbContext context = await host.NewContextAsync())
        {
            Assert.Equal("acme", (await context.Jobs.SingleAsync()).TenantId);
        }

        string url = $"/v1/jobs/{job.Id}";
        // Prepared, then nobody scans: from there on the row stands still.
        while ((await (await host.Acme.GetAsync(url)).ReadAsync<ApiJob>()).Progress!.ChunksTotal == 0)
        {
            await Task.Delay(50);
        }

        await Task.Delay(200);
        EntityTagHeaderValue tag = (await host.Acme.GetAsync(url)).Headers.ETag!;
        Assert.False(tag.IsWeak);
        _ = host.Statements.Take();
        HttpResponseMessage poll = await SendAsync(host.Acme, HttpMethod.Get, url, r => r.Headers.IfNoneMatch.Add(tag));
        Assert.Equal(
            (HttpStatusCode.NotModified, 0),
            (poll.StatusCode, (await poll.Content.ReadAsByteArrayAsync()).Length)
        );
        string read = Assert.Single(host.Statements.Take(), s => s.Contains("\"Version\"", StringComparison.Ordinal));
        Assert.DoesNotContain("Recipe", read, StringComparison.Ordinal);

        Assert.Equal(428, (int)(await PatchAsync(host.Acme, url, "{\"priority\":90}", null)).StatusCode);
        Assert.Equal(412, (int)(await PatchAsync(host.Acme, url, "{\"priority\":90}", "\"0\"")).StatusCode);
        Assert.Equal(400, (int)(await PatchAsync(host.Acme, url, "{\"priority\":101}", "*")).StatusCode);
        HttpResponseMessage patched = await PatchAsync(
            host.Acme,
            url,
            """{"priority":90,"labels":{"a":"b","c":"d"}}""",
            "*"
        );
        Assert.Equal(90, (await patched.ReadAsync<ApiJob>()).Priority);
        Assert.NotEqual(tag, patched.Headers.ETag);
        Assert.Equal(
            JobStep.Paused,
            (await (await host.Acme.PostAsync($"{url}:pause", null)).ReadAsync<ApiJob>()).State
        );
        Assert.Equal(job.Id, (await ListAsync(host.Acme, "state = PAUSED AND labels.c = \"d\"")).Single().Id);
        Assert.Empty(await ListAsync(host.Acme, "labels.a = \"d\""));
        Assert.NotEqual(
            JobStep.Paused,
            (await (await host.Acme.PostAsync($"{url}:resume", null)).ReadAsync<ApiJob>()).State
        );
        Assert.Equal((409, "INVALID_STATE"), await (await host.Acme.PostAsync($"{url}:retry", null)).ProblemAsync());
        Assert.Equal(409, (int)(await DeleteAsync(host.Acme, url)).StatusCode);

        for (int i = 0; i < 2; i++)
        {
            HttpResponseMessage ended = await host.Acme.PostAsync($"{url}:cancel", Json("""{"reason":"wrong face"}"""));
            ApiJob cancelled = await ended.ReadAsync<ApiJob>();
            Assert.Equal((JobStep.Cancelled, "wrong face"), (cancelled.State, cancelled.CancelReason));
        }

        Assert.Equal((409, "INVALID_STATE"), await (await host.Acme.PostAsync($"{url}:pause", null)).ProblemAsync());
        Assert.Equal(200, (int)(await host.Acme.PostAsync($"{url}:retry", null)).StatusCode);
        Assert.Equal(200, (int)(await host.Acme.PostAsync($"{url}:cancel", null)).StatusCode);
        Assert.Equal(204, (int)(await DeleteAsync(host.Acme, url)).StatusCode);
        Assert.Equal(404, (int)(await host.Acme.GetAsync(url)).StatusCode);
    }

    [Fact]
    public async Task Patch_OfWhicheverVersion_IsNotRefusedForWhatOthersChanged()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        ApiUpload target = await host.Acme.UploadAsync(Clip);
        ApiJob job = await (await PostAsync(host.Acme, Asked(target.Id), null)).ReadAsync<ApiJob>();
        string url = $"/v1/jobs/{job.Id}";
        string[] keys = [.. Enumerable.Range(0, 12).Select(i => $"k{i}")];

        HttpResponseMessage[] answers = await Task.WhenAll(
            keys.Select(key => PatchAsync(host.Acme, url, $$$"""{"labels":{"{{{key}}}":"x"}}""", "*"))
        );

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        ApiJob after = await (await host.Acme.GetAsync(url)).ReadAsync<ApiJob>();
        Assert.Equal(keys.Order(StringComparer.Ordinal), after.Labels!.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Job_OfAnotherTenant_OrOfNothing_Is404_OnEveryVerb_And415And405AreSaid()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        ApiUpload target = await host.Acme.UploadAsync(Clip);
        ApiJob job = await (await PostAsync(host.Acme, Asked(target.Id), null)).ReadAsync<ApiJob>();
        (HttpMethod Method, string Path)[] verbs =
        [
            (HttpMethod.Get, ""),
            (HttpMethod.Delete, ""),
            (HttpMethod.Patch, ""),
            (HttpMethod.Post, ":cancel"),
            (HttpMethod.Post, ":retry"),
            (HttpMethod.Post, ":pause"),
            (HttpMethod.Post, ":resume"),
            (HttpMethod.Get, "/chunks"),
            (HttpMethod.Get, "/chunks/0"),
            (HttpMethod.Get, "/chunks/0/attempts"),
        ];
        foreach ((HttpMethod method, string path) in verbs)
        {
            Action<HttpRequestMessage> body = r =>
            {
                r.Content = method == HttpMethod.Patch ? Json("{}") : null;
                r.Headers.TryAddWithoutValidation("If-Match", "*");
            };
            foreach (string id in new[] { job.Id, "job_0", job.Id[4..], "job_" + new string('0', 32) })
            {
                HttpResponseMessage theirs = await SendAsync(host.Other, method, $"/v1/jobs/{id}{path}", body);
                Assert.Equal((404, "NOT_FOUND"), await theirs.ProblemAsync());
            }

            HttpClient nobody = host.Client(null);
            Assert.Equal(401, (int)(await SendAsync(nobody, method, $"/v1/jobs/{job.Id}{path}", body)).StatusCode);
        }

        Assert.Equal(
            (400, "INVALID_REQUEST"),
            await (await PostAsync(host.Other, Asked(target.Id), null)).ProblemAsync()
        );
        Assert.Equal((405, "METHOD_NOT_ALLOWED"), await (await host.Acme.PutAsync("/v1/jobs", null)).ProblemAsync());
        StringContent text = new("{}", Encoding.UTF8, "text/plain");
        Assert.Equal(
            (415, "UNSUPPORTED_MEDIA_TYPE"),
            await (await host.Acme.PostAsync("/v1/jobs", text)).ProblemAsync()
        );
    }

    [Theory]
    [InlineData("' OR 1=1--")]
    [InlineData("state = NOWHERE")]
    [InlineData("state > FAILED")]
    [InlineData("labels.a = \"%\"")]
    [InlineData("createTime > \"soon\"")]
    [InlineData("state = FAILED AND")]
    public async Task List_WithAFilterThatIsNone_Is400(string filter)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        string[] queries =
        [
            $"filter={Uri.EscapeDataString(filter)}",
            $"filter={new string('a', 1001)}",
            "pageSize=0",
            "pageSize=-1",
            "pageToken=AAAA",
            "orderBy=priority",
        ];
        foreach (string query in queries)
        {
            Assert.Equal(
                (400, "INVALID_REQUEST"),
                await (await host.Acme.GetAsync($"/v1/jobs?{query}")).ProblemAsync()
            );
        }

        Assert.Equal(200, (int)(await host.Acme.GetAsync("/v1/jobs?pageSize=1000000000")).StatusCode);
    }

    private static string Asked(string target, string more = "") =>
        $$"""{"target":"{{target}}","recipe":{{Debug}},"chunkFrames":10{{more}}}""";

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<(int, int)> PlanAsync(HttpResponseMessage answer)
    {
        ApiPlan plan = (await answer.ReadAsync<ApiPlanAnswer>()).Plan;
        return (plan.Frames, plan.Chunks);
    }

    private static async Task<IReadOnlyList<ApiJob>> ListAsync(HttpClient client, string filter) =>
        (await (await client.GetAsync($"/v1/jobs?filter={Uri.EscapeDataString(filter)}")).ReadAsync<ApiJobList>()).Jobs;

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string body, string? key) =>
        SendAsync(
            client,
            HttpMethod.Post,
            "/v1/jobs",
            r =>
            {
                r.Content = Json(body);
                if (key is not null)
                {
                    r.Headers.Add("Idempotency-Key", key);
                }
            }
        );

    private static Task<HttpResponseMessage> PatchAsync(HttpClient client, string url, string body, string? match) =>
        SendAsync(
            client,
            HttpMethod.Patch,
            url,
            r =>
            {
                r.Content = Json(body);
                if (match is not null)
                {
                    r.Headers.Add("If-Match", match);
                }
            }
        );

    private static Task<HttpResponseMessage> DeleteAsync(HttpClient client, string url) =>
        SendAsync(client, HttpMethod.Delete, url, r => r.Headers.Add("If-Match", "*"));

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        HttpMethod method,
        string url,
        Action<HttpRequestMessage> change
    )
    {
        using HttpRequestMessage request = new(method, url);
        change(request);
        return await client.SendAsync(request);
    }
}
