using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Webhooks;
using FaceFusion.Batch.TestKit;
using Microsoft.AspNetCore.Http;

namespace FaceFusion.Batch.Coordinator.Tests.Webhooks;

/// <summary>What happens reaches a real receiver: once, or again with the same id.</summary>
public sealed class DeliveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Job_OverItsLife_TellsEachStateOnceAndItsEnd(string database)
    {
        await using HookReceiver receiver = await HookReceiver.OpenAsync();
        await using ApiHost host = await ApiHost.OpenAsync(
            _folder,
            database,
            change: ApiHooks.Loopback,
            press: new SegmentPress()
        );
        ApiWebhook webhook = await host.Acme.HookAsync($"{receiver.Url}/all", [.. WebhookEvents.All]);
        _ = await host.Acme.HookAsync($"{receiver.Url}/end", WebhookEvents.JobCompleted);
        _ = await host.Other.HookAsync($"{receiver.Url}/other", [.. WebhookEvents.All]);

        ApiJob job = await host.Acme.DebugJobAsync();
        job = await host.Acme.WaitForAsync(job, JobStep.Succeeded);

        await Deadline.UntilAsync(() => Task.FromResult(receiver.Requests.Count >= 7), "every delivery");
        Received[] all = [.. receiver.Requests.Where(r => r.Path == "/all").OrderBy(r => r.Id)];
        Assert.Equal(
            ["QUEUED", "VALIDATING", "RUNNING", "FINALIZING", "SUCCEEDED", "SUCCEEDED"],
            all.Select(r => r.Json.GetProperty("data").GetProperty("state").GetString()!)
                .OrderBy(state => Array.IndexOf(Order, state))
        );
        Received end = Assert.Single(all, r => r.Type == WebhookEvents.JobCompleted);
        Assert.All(all, r => Assert.Equal(r.SignatureOf(webhook.Secret!), r.Signature));
        Assert.Equal(6, all.Select(r => r.Id).Distinct().Count());
        ApiJob told = end.Json.GetProperty("data").Deserialize<ApiJob>(ApiJson.Requests)!;
        Assert.Equal(
            JsonSerializer.Serialize(job with { UpdateTime = told.UpdateTime }, ApiJson.Answers),
            JsonSerializer.Serialize(told, ApiJson.Answers)
        );
        Assert.Equal(["/end"], receiver.Requests.Where(r => r.Path != "/all").Select(r => r.Path));
        await Deadline.UntilAsync(
            async () => (await ListAsync(host, webhook, "state=DELIVERED&pageSize=9")).Deliveries.Count == 6,
            "all written down"
        );
        ApiDeliveryList page = await ListAsync(host, webhook, "state=DELIVERED&pageSize=4");
        ApiDeliveryList rest = await ListAsync(
            host,
            webhook,
            $"state=DELIVERED&pageSize=4&pageToken={page.NextPageToken}"
        );
        Assert.Equal(
            all.Select(r => r.Id),
            page.Deliveries.Concat(rest.Deliveries).Select(d => d.Id).OrderBy(id => id)
        );
        string metrics = "";
        await Deadline.UntilAsync(
            async () =>
                (metrics = await host.Client(null).GetStringAsync("/metrics")).Contains(
                    "ffb_webhook_attempts_total{outcome=\"delivered\"} 7\n",
                    StringComparison.Ordinal
                ),
            "the count of all seven"
        );
        Assert.Contains("ffb_webhook_oldest_due_seconds 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_TellsOfWhatUsersSee_AndBehindItOfNothing()
    {
        await using HookReceiver receiver = await HookReceiver.OpenAsync();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, change: ApiHooks.Loopback);
        ApiJob job = await host.Acme.DebugJobAsync();
        await Deadline.UntilAsync(
            async () => (await host.Acme.GetAsync($"/v1/jobs/{job.Id}/chunks/2")).IsSuccessStatusCode,
            "the scan to wait for a worker"
        );
        ApiWebhook webhook = await host.Acme.HookAsync(receiver.Url, [.. WebhookEvents.All]);

        foreach (string action in new[] { "pause", "resume", "cancel", "retry", "cancel" })
        {
            Assert.True((await host.Acme.PostAsync($"/v1/jobs/{job.Id}:{action}", null)).IsSuccessStatusCode, action);
        }

        ApiDeliveryList all = await ListAsync(host, webhook, "");
        List<string> told = [];
        foreach (ApiDelivery delivery in all.Deliveries.Reverse())
        {
            JsonElement body = JsonSerializer.Deserialize<JsonElement>((await host.Acme.GetAsync(delivery)).Body!);
            told.Add($"{delivery.Type} {body.GetProperty("data").GetProperty("state").GetString()}");
        }

        Assert.Equal(
            [
                "job.completed CANCELLED",
                "job.completed CANCELLED",
                "job.state_changed CANCELLED",
                "job.state_changed CANCELLED",
                "job.state_changed PAUSED",
                "job.state_changed VALIDATING",
                "job.state_changed VALIDATING",
            ],
            told.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Receiver_ThatFails_IsTriedTenTimesInADay_EachTimeWithTheSameIdAndBody(string database)
    {
        ManualTimeProvider clock = new();
        await using HookReceiver receiver = await HookReceiver.OpenAsync();
        receiver.Answer = http =>
        {
            http.Response.StatusCode = 500;
            return http.Response.WriteAsync("broken\0" + new string('x', 5000));
        };
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, clock, ApiHooks.Loopback);
        ApiWebhook webhook = await host.Acme.HookAsync(receiver.Url);
        ApiDelivery delivery = await host.Acme.TestAsync(webhook);
        double[] pauses = [5, 60, 300, 1200, 3600, 7200, 14400, 28800, 30600];
        for (int n = 1; n <= pauses.Length; n++)
        {
            ApiDelivery tried = await host.TickAsync(clock, delivery, n);
            double pause = (tried.NextAttemptTime!.Value - tried.Attempts![^1].Time).TotalSeconds;
            // The clock may have moved on by a second or two while the request was under way.
            Assert.InRange(pause, 0.8 * pauses[n - 1], pauses[n - 1] + 5);
            Assert.Equal((n, DeliveryStep.Pending, 500), (receiver.Requests.Count, tried.State, tried.LastStatus));

            clock.Jump(tried.NextAttemptTime.Value - clock.GetUtcNow() - TimeSpan.FromSeconds(0.5));
            await Task.Delay(50, TestContext.Current.CancellationToken);
            Assert.Equal(n, receiver.Requests.Count);
            clock.Advance(TimeSpan.FromSeconds(0.5));
        }

        ApiDelivery last = await host.TickAsync(clock, delivery, 10);
        Assert.Equal((DeliveryStep.Failed, null, 10), (last.State, last.NextAttemptTime, last.AttemptCount));
        Assert.NotNull(last.EndTime);
        Assert.Equal(1024, System.Text.Encoding.UTF8.GetByteCount(last.Attempts![0].Answer!) - 2);
        Assert.StartsWith("broken\uFFFDx", last.Attempts[0].Answer, StringComparison.Ordinal);
        Received[] sent = [.. receiver.Requests];
        Assert.Equal(delivery.Id, Assert.Single(sent.Select(r => r.Id).Distinct()));
        Assert.Single(sent.Select(r => Convert.ToBase64String(r.Body)).Distinct());
        Assert.Equal(10, sent.Select(r => r.Timestamp).Distinct().Count());
        Assert.All(sent, r => Assert.Equal(r.SignatureOf(webhook.Secret!), r.Signature));
        ApiWebhook failing = await host.Acme.GetHookAsync(webhook);
        Assert.Equal((true, last.Attempts[0].Time.Date), (failing.Enabled, failing.FailingSince!.Value.Date));

        // Asked for by hand it has the whole schedule before it again, and succeeds.
        receiver.Answer = _ => Task.CompletedTask;
        Assert.Equal(202, (int)(await host.Acme.ReplayAsync(delivery)).StatusCode);
        ApiDelivery replayed = await host.TickAsync(clock, delivery, 11);
        Assert.Equal((DeliveryStep.Delivered, 200), (replayed.State, replayed.LastStatus));
        Assert.Equal(sent[0].Body, receiver.Requests.Last().Body);
        Assert.Equal(delivery.Id, receiver.Requests.Last().Id);
        Assert.Null((await host.Acme.GetHookAsync(webhook)).FailingSince);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Sender_ThatDiesBetweenSendingAndWriting_IsFollowedByOneWithTheSameId(string database)
    {
        ManualTimeProvider clock = new();
        await using HookReceiver receiver = await HookReceiver.OpenAsync();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, clock, ApiHooks.Loopback);
        ApiDelivery delivery = await host.Acme.TestAsync(await host.Acme.HookAsync(receiver.Url));
        DeliveryLedger ledger = host.Get<DeliveryLedger>();
        // What a process does until it dies: it takes the delivery and sends it. Who comes second does not get it.
        DueDelivery due = Assert.Single(await ledger.FindDueAsync([], [], 10, default));
        ClaimedDelivery claimed = (await ledger.ClaimAsync(due, default))!;
        Assert.Null(await ledger.ClaimAsync(due, default));
        Assert.Empty(await ledger.FindDueAsync([], [], 10, default));
        WebhookRow webhook = claimed.Webhook;
        Sent sent = await host.Get<WebhookClient>()
            .SendAsync(webhook.Url, delivery.Id, [webhook.Secret], claimed.Delivery.Body, default);
        Assert.True(sent.IsTaken);

        clock.Jump(DeliveryLedger.Lease);
        ApiDelivery ended = await host.TickAsync(clock, delivery, 1);

        Assert.Equal((DeliveryStep.Delivered, 2), (ended.State, ended.AttemptCount));
        Assert.Equal([delivery.Id, delivery.Id], receiver.Requests.Select(r => r.Id));
        // Was it only slow, its word comes too late.
        Assert.Null(await ledger.RecordAsync(claimed, sent with { Status = 500 }, default));
        Assert.Equal(DeliveryStep.Delivered, (await host.Acme.GetAsync(delivery)).State);
        Assert.Single((await host.Acme.GetAsync(delivery)).Attempts!);
    }

    [Fact]
    public async Task Senders_OfTwoProcesses_ShareWhatIsDue()
    {
        await using HookReceiver receiver = await HookReceiver.OpenAsync();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, "postgres", change: ApiHooks.Loopback);
        using DeliveryLoop second = new(
            host.Get<DeliveryLedger>(),
            host.Get<DeliveryRetention>(),
            host.Get<WebhookClient>(),
            host.Get<DeliveryMeter>(),
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<DeliveryLoop>.Instance
        );
        await second.StartAsync(default);
        ApiWebhook webhook = await host.Acme.HookAsync(receiver.Url);

        ApiDelivery[] sent = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => host.Acme.TestAsync(webhook)));

        await Deadline.UntilAsync(
            async () => (await ListAsync(host, webhook, "state=DELIVERED&pageSize=100")).Deliveries.Count == 60,
            "all of them"
        );
        await second.StopAsync(default);
        Assert.Equal(sent.Select(d => d.Id).Order(), receiver.Requests.Select(r => r.Id).Order());
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Rotation_ForADay_SignsWithBothSecrets(string database)
    {
        ManualTimeProvider clock = new();
        await using HookReceiver receiver = await HookReceiver.OpenAsync();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, clock, ApiHooks.Loopback);
        ApiWebhook webhook = await host.Acme.HookAsync(receiver.Url);
        HttpResponseMessage rotated = await host.Acme.PostAsync($"/v1/webhooks/{webhook.Id}:rotateSecret", null);
        string fresh = (await rotated.ReadAsync<ApiWebhook>()).Secret!;

        _ = await host.TickAsync(clock, await host.Acme.TestAsync(webhook), 1);
        clock.Jump(TimeSpan.FromHours(24));
        _ = await host.TickAsync(clock, await host.Acme.TestAsync(webhook), 1);

        Received[] sent = [.. receiver.Requests];
        Assert.Equal($"{sent[0].SignatureOf(fresh)} {sent[0].SignatureOf(webhook.Secret!)}", sent[0].Signature);
        Assert.Equal(sent[1].SignatureOf(fresh), sent[1].Signature);
    }

    private static readonly string[] Order = ["QUEUED", "VALIDATING", "RUNNING", "FINALIZING", "SUCCEEDED"];

    private static async Task<ApiDeliveryList> ListAsync(ApiHost host, ApiWebhook webhook, string query) =>
        await (
            await host.Acme.GetAsync(
                $"/v1/webhooks/{webhook.Id}/deliveries?{(query.StartsWith("state=", StringComparison.Ordinal) ? $"filter={query.Replace("state=", "state%3D")}" : query)}"
            )
        ).ReadAsync<ApiDeliveryList>();
}
