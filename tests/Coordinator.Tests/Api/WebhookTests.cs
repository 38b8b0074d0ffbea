using System.Net.Http.Json;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.TestKit;
using Microsoft.EntityFrameworkCore;

namespace FaceFusion.Batch.Coordinator.Tests.Api;

/// <summary>Webhooks as a tenant makes, reads and changes them; nothing is sent here but by the tests of deliveries.</summary>
public sealed class WebhookTests : IDisposable
{
    private const string Url = "https://example.com/hook?token=t";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Create_ShowsTheSecretToWhoeverMadeItAlone(string database)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database);
        string body = $$"""{"url":"{{Url}}","events":["job.completed","job.state_changed"],"label":"ci\u001b[2J"}""";

        HttpResponseMessage made = await CreateAsync(host.Acme, body, "k1");
        HttpResponseMessage again = await CreateAsync(host.Acme, body, "k1");
        HttpResponseMessage other = await CreateAsync(host.Acme, body.Replace("ci", "cj"), "k1");

        ApiWebhook webhook = await made.ReadAsync<ApiWebhook>();
        Assert.Equal(201, (int)made.StatusCode);
        Assert.Equal($"/v1/webhooks/{webhook.Id}", made.Headers.Location?.OriginalString);
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", webhook.Secret);
        Assert.True(webhook.Enabled);
        Assert.Equal("ci\uFFFD[2J", webhook.Label);
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(webhook.Secret, (await again.ReadAsync<ApiWebhook>()).Secret);
        Assert.Equal((422, "IDEMPOTENCY_KEY_REUSED"), await other.ProblemAsync());

        foreach (string path in new[] { "", $"/{webhook.Id}", $"/{webhook.Id}/deliveries" })
        {
            string read = await host.Acme.GetStringAsync($"/v1/webhooks{path}");
            Assert.DoesNotContain("whsec_", read, StringComparison.Ordinal);
        }

        ApiWebhook got = await host.Acme.GetHookAsync(webhook);
        Assert.Equal(
            JsonSerializer.Serialize(webhook with { Secret = null }, ApiJson.Answers),
            JsonSerializer.Serialize(got, ApiJson.Answers)
        );
        await using JobsDbContext context = await host.NewContextAsync();
        Assert.DoesNotContain(
            await context.Idempotency.ToListAsync(),
            r => r.Body!.Contains("whsec_", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Requests_ThatCannotBeMet_AreRefusedByName()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder);
        const string Events = "\"events\":[\"job.completed\"]";
        (string Body, int Status, string Code)[] wrong =
        [
            ("{}", 400, "INVALID_REQUEST"),
            ($$"""{"url":null,{{Events}}}""", 400, "INVALID_REQUEST"),
            ($$"""{"url":"{{Url}}","events":[]}""", 400, "INVALID_REQUEST"),
            ($$"""{"url":"{{Url}}","events":[null]}""", 400, "INVALID_REQUEST"),
            ($$"""{"url":"{{Url}}","events":["job.*"]}""", 400, "INVALID_REQUEST"),
            ($$"""{"url":"{{Url}}","events":["webhook.test"]}""", 400, "INVALID_REQUEST"),
            ($$"""{"url":"{{Url}}",{{Events}},"secret":"whsec_AAAA"}""", 400, "INVALID_REQUEST"),
            ($$"""{"url":"http://example.com",{{Events}}}""", 422, "WEBHOOK_URL_REFUSED"),
            ($$"""{"url":"https://2130706433/",{{Events}}}""", 422, "WEBHOOK_URL_REFUSED"),
            ($$"""{"url":"https://[::1]/",{{Events}}}""", 422, "WEBHOOK_URL_REFUSED"),
            ($$"""{"url":"https://example.com/{{new string('a', 2048)}}",{{Events}}}""", 422, "WEBHOOK_URL_REFUSED"),
        ];
        foreach ((string body, int status, string code) in wrong)
        {
            Assert.Equal((status, code), await (await CreateAsync(host.Acme, body)).ProblemAsync());
        }

        ApiWebhook webhook = await host.Acme.HookAsync(Url);
        HttpResponseMessage moved = await host.Acme.PatchAsync(webhook, """{"url":"https://10.0.0.1/"}""");
        Assert.Equal((422, "WEBHOOK_URL_REFUSED"), await moved.ProblemAsync());
        Assert.Equal(Url, (await host.Acme.GetHookAsync(webhook)).Url);
        string deliveries = $"/v1/webhooks/{webhook.Id}/deliveries";
        foreach (string filter in new[] { "state=GONE", "state", "type=x", "state='FAILED' OR 1=1", "=" })
        {
            HttpResponseMessage listed = await host.Acme.GetAsync(
                $"{deliveries}?filter={Uri.EscapeDataString(filter)}"
            );
            Assert.Equal((400, "INVALID_REQUEST"), await listed.ProblemAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Patch_AndDelete_NeedTheVersionThatIsThere(string database)
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database);
        ApiWebhook webhook = await host.Acme.HookAsync(Url);
        string first = await TagAsync(host, webhook);

        Assert.Equal(428, (int)(await host.Acme.PatchAsync(webhook, "{}", match: null)).StatusCode);
        HttpResponseMessage changed = await host.Acme.PatchAsync(
            webhook,
            """{"events":["batch.completed"],"label":"x","enabled":false}""",
            first
        );
        Assert.Equal(412, (int)(await host.Acme.PatchAsync(webhook, "{}", first)).StatusCode);
        Assert.Equal(412, (int)(await DeleteAsync(host.Acme, webhook, first)).StatusCode);

        ApiWebhook off = await changed.ReadAsync<ApiWebhook>();
        Assert.Equal((Url, "x", false), (off.Url, off.Label, off.Enabled));
        Assert.Equal((WebhookStopReason.Asked, "batch.completed"), (off.DisableReason, off.Events.Single()));
        HttpResponseMessage tried = await host.Acme.PostAsync($"/v1/webhooks/{webhook.Id}:test", null);
        Assert.Equal((409, "INVALID_STATE"), await tried.ProblemAsync());
        ApiWebhook on = await (
            await host.Acme.PatchAsync(webhook, """{"enabled":true,"label":""}""")
        ).ReadAsync<ApiWebhook>();
        Assert.Equal((true, null, null, null), (on.Enabled, on.DisableReason, on.DisableTime, on.Label));
        Assert.Equal(428, (int)(await DeleteAsync(host.Acme, webhook, null)).StatusCode);
        Assert.Equal(204, (int)(await DeleteAsync(host.Acme, webhook, await TagAsync(host, webhook))).StatusCode);
        Assert.Equal(404, (int)(await host.Acme.GetAsync($"/v1/webhooks/{webhook.Id}")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Rotate_KeepsTheOldSecretForAsLongAsAsked(string database)
    {
        ManualTimeProvider clock = new();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, clock);
        ApiWebhook webhook = await host.Acme.HookAsync(Url);

        ApiWebhook second = await (await RotateAsync(host.Acme, webhook, null, "r1")).ReadAsync<ApiWebhook>();
        ApiWebhook again = await (await RotateAsync(host.Acme, webhook, null, "r1")).ReadAsync<ApiWebhook>();
        Assert.NotEqual(webhook.Secret, second.Secret);
        Assert.Equal((2, second.Secret), (second.Secrets, again.Secret));
        ApiWebhook third = await (await RotateAsync(host.Acme, webhook, 1)).ReadAsync<ApiWebhook>();
        Assert.Equal(3, third.Secrets);
        // The request that made the second one is told nothing of the third.
        Assert.Null((await (await RotateAsync(host.Acme, webhook, null, "r1")).ReadAsync<ApiWebhook>()).Secret);

        clock.Jump(TimeSpan.FromHours(1));
        Assert.Equal(1, (await host.Acme.GetHookAsync(webhook)).Secrets);
        _ = await RotateAsync(host.Acme, webhook, 24);
        ApiWebhook leaked = await (await RotateAsync(host.Acme, webhook, 0)).ReadAsync<ApiWebhook>();
        Assert.Equal(1, leaked.Secrets);
        Assert.Equal((400, "INVALID_REQUEST"), await (await RotateAsync(host.Acme, webhook, 25)).ProblemAsync());
        for (int i = 0; i < 4; i++)
        {
            Assert.True((await RotateAsync(host.Acme, webhook, 24)).IsSuccessStatusCode);
        }

        Assert.Equal((409, "INVALID_STATE"), await (await RotateAsync(host.Acme, webhook, 24)).ProblemAsync());
    }

    [Fact]
    public async Task Webhooks_OfAnotherTenant_AreNotThere()
    {
        await using ApiHost host = await ApiHost.OpenAsync(_folder, clock: new ManualTimeProvider());
        ApiWebhook webhook = await host.Acme.HookAsync(Url);
        ApiDelivery sent = await host.Acme.TestAsync(webhook);
        string path = $"/v1/webhooks/{webhook.Id}";
        string delivery = $"{path}/deliveries/{sent.Id}";
        ApiWebhook theirs = await host.Other.HookAsync(Url);

        Task<HttpResponseMessage>[] asked =
        [
            host.Other.GetAsync(path),
            host.Other.PatchAsync(webhook, """{"enabled":false}"""),
            DeleteAsync(host.Other, webhook, "*"),
            host.Other.PostAsync($"{path}:test", null),
            host.Other.PostAsync($"{path}:rotateSecret", null),
            host.Other.GetAsync($"{path}/deliveries"),
            host.Other.GetAsync(delivery),
            host.Other.PostAsync($"{delivery}:replay", null),
            // Through a webhook of his own.
            host.Other.GetAsync($"/v1/webhooks/{theirs.Id}/deliveries/{sent.Id}"),
            host.Other.PostAsync($"/v1/webhooks/{theirs.Id}/deliveries/{sent.Id}:replay", null),
        ];
        foreach (Task<HttpResponseMessage> answer in asked)
        {
            Assert.Equal((404, "NOT_FOUND"), await (await answer).ProblemAsync());
        }

        ApiWebhookList listed = await (await host.Other.GetAsync("/v1/webhooks")).ReadAsync<ApiWebhookList>();
        Assert.Equal([theirs.Id], listed.Webhooks.Select(w => w.Id));
        Assert.Equal(200, (int)(await host.Acme.GetAsync(delivery)).StatusCode);
        Assert.True((await host.Acme.GetHookAsync(webhook)).Enabled);
        HttpClient user = await host.ClientAsync("acme", ApiScope.ReadJobs, ApiScope.WriteJobs);
        Assert.Equal((403, "FORBIDDEN"), await (await user.GetAsync("/v1/webhooks")).ProblemAsync());
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Create_MoreThanATenantMayHave_IsRefused_AlsoOfManyAtOnce(string database)
    {
        await using ApiHost host = await ApiHost.OpenAsync(
            _folder,
            database,
            change: o => o with { WebhooksPerTenant = 3 }
        );
        string body = $$"""{"url":"{{Url}}","events":["job.completed"]}""";

        HttpResponseMessage[] made = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => CreateAsync(host.Acme, body))
        );

        Assert.InRange(made.Count(m => m.IsSuccessStatusCode), 0, 3);
        foreach (HttpResponseMessage refused in made.Where(m => !m.IsSuccessStatusCode))
        {
            Assert.Equal((409, "WEBHOOK_LIMIT"), await refused.ProblemAsync());
        }

        while ((await CreateAsync(host.Acme, body)).IsSuccessStatusCode) { }

        ApiWebhookList first = await (await host.Acme.GetAsync("/v1/webhooks?pageSize=2")).ReadAsync<ApiWebhookList>();
        ApiWebhookList rest = await (
            await host.Acme.GetAsync($"/v1/webhooks?pageSize=2&pageToken={first.NextPageToken}")
        ).ReadAsync<ApiWebhookList>();
        Assert.Equal((2, 1, null), (first.Webhooks.Count, rest.Webhooks.Count, rest.NextPageToken));
        Assert.Equal(201, (int)(await CreateAsync(host.Other, body)).StatusCode);
    }

    private static async Task<string> TagAsync(ApiHost host, ApiWebhook webhook) =>
        (await host.Acme.GetAsync($"/v1/webhooks/{webhook.Id}")).Headers.ETag!.ToString();

    private static async Task<HttpResponseMessage> CreateAsync(HttpClient client, string body, string? key = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/webhooks") { Content = ApiJobs.Json(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> DeleteAsync(HttpClient client, ApiWebhook webhook, string? match)
    {
        using HttpRequestMessage request = new(HttpMethod.Delete, $"/v1/webhooks/{webhook.Id}");
        if (match is not null)
        {
            request.Headers.Add("If-Match", match);
        }

        return await client.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> RotateAsync(
        HttpClient client,
        ApiWebhook webhook,
        int? keepHours,
        string? key = null
    )
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/v1/webhooks/{webhook.Id}:rotateSecret");
        if (keepHours is { } hours)
        {
            request.Content = JsonContent.Create(new RotateSecret { KeepHours = hours }, options: ApiJson.Answers);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(request);
    }
}
