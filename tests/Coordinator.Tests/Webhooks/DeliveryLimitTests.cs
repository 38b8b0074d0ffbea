using System.Net;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Coordinator.State;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Coordinator.Webhooks;
using FaceFusion.Batch.TestKit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceFusion.Batch.Coordinator.Tests.Webhooks;

/// <summary>Receivers that are slow, gone, hostile, or not what their names say.</summary>
public sealed class DeliveryLimitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Receiver_ThatHangs_HoldsUpNobodyElse_AndIsGivenUpAfterFifteenSeconds(string database)
    {
        ManualTimeProvider clock = new();
        await using HookReceiver slow = await HookReceiver.OpenAsync();
        await using HookReceiver quick = await HookReceiver.OpenAsync();
        slow.Answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, clock, ApiHooks.Loopback);
        ApiWebhook hanging = await host.Acme.HookAsync(slow.Url);
        ApiDelivery[] stuck = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => host.Acme.TestAsync(hanging)));
        ApiDelivery[] others =
        [
            await host.Acme.TestAsync(await host.Acme.HookAsync(quick.Url)),
            await host.Acme.TestAsync(await host.Acme.HookAsync(quick.Url)),
        ];

        // One tick begins all that may be begun.
        clock.Advance(TimeSpan.FromSeconds(1));
        await Deadline.UntilAsync(() => Task.FromResult(quick.Requests.Count == 2), "the quick ones");
        await Deadline.UntilAsync(() => Task.FromResult(slow.Requests.Count == DeliveryLoop.MostOfWebhook), "the slow");
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(DeliveryLoop.MostOfWebhook, slow.Requests.Count);
        clock.Jump(WebhookClient.Timeout);

        ApiDelivery[] tried = [];
        await Deadline.UntilAsync(
            async () =>
                (tried = await Task.WhenAll(stuck.Select(host.Acme.GetAsync))).Count(d => d.Attempts!.Count == 1)
                >= DeliveryLoop.MostOfWebhook,
            "the first to be given up"
        );
        ApiDelivery given = tried.First(d => d.Attempts!.Count == 1);
        Assert.Equal((DeliveryStep.Pending, "timeout", null), (given.State, given.LastError, given.LastStatus));
        Assert.Equal(15_000, given.Attempts![0].Milliseconds);
        Assert.All(others, d => Assert.Contains(quick.Requests, r => r.Id == d.Id));
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Receiver_ThatIsGone_IsToldNothingMore_UntilItIsEnabled(string database)
    {
        ManualTimeProvider clock = new();
        await using HookReceiver receiver = await HookReceiver.OpenAsync();
        receiver.Answer = http => Task.FromResult(http.Response.StatusCode = 410);
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, clock, ApiHooks.Loopback);
        ApiWebhook webhook = await host.Acme.HookAsync(receiver.Url);
        ApiDelivery first = await host.Acme.TestAsync(webhook);
        ApiDelivery gone = await host.TickAsync(clock, first, 1);

        Assert.Equal((DeliveryStep.Failed, 410, 1), (gone.State, gone.LastStatus, gone.AttemptCount));
        ApiWebhook stopped = await host.Acme.GetHookAsync(webhook);
        Assert.Equal((false, WebhookStopReason.Gone), (stopped.Enabled, stopped.DisableReason));
        Assert.NotNull(stopped.DisableTime);
        Assert.Equal((409, "INVALID_STATE"), await (await host.Acme.ReplayAsync(first)).ProblemAsync());
        // One that was written in the moment before is not sent either.
        await using (JobsDbContext context = await host.NewContextAsync())
        {
            WebhookRow row = await context.Webhooks.AsNoTracking().SingleAsync();
            _ = WebhookOutbox.Add(context, row, WebhookEvents.JobCompleted, new { }, clock.GetUtcNow());
            _ = await context.SaveChangesAsync();
        }

        await clock.TickUntilAsync(
            async () =>
            {
                await using JobsDbContext context = await host.NewContextAsync();
                return await context.WebhookDeliveries.AllAsync(d => d.State == DeliveryState.Failed);
            },
            "nothing pending"
        );
        Assert.Single(receiver.Requests);
        receiver.Answer = _ => Task.CompletedTask;
        ApiWebhook enabled = await (
            await host.Acme.PatchAsync(webhook, """{"enabled":true}""")
        ).ReadAsync<ApiWebhook>();
        Assert.Equal((true, null, null), (enabled.Enabled, enabled.DisableReason, enabled.FailingSince));
        Assert.Equal(202, (int)(await host.Acme.ReplayAsync(first)).StatusCode);
        Assert.Equal(DeliveryStep.Delivered, (await host.TickAsync(clock, first, 2)).State);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Receiver_ThatNothingReachesForFiveDays_IsToldNothingMore(string database)
    {
        ManualTimeProvider clock = new();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, clock, ApiHooks.Loopback);
        // Nobody listens there.
        ApiWebhook webhook = await host.Acme.HookAsync("http://127.0.0.9:9/");
        ApiDelivery first = await host.Acme.TestAsync(webhook);
        ApiDelivery failed = await FailAsync(first);
        Assert.Equal("connection-failed", failed.LastError);
        Assert.True((await host.Acme.GetHookAsync(webhook)).Enabled);

        clock.Jump(failed.CreateTime + DeliveryLedger.LongestFailing - clock.GetUtcNow());
        ApiDelivery second = await host.Acme.TestAsync(webhook);
        ApiDelivery waiting = await host.Acme.TestAsync(webhook);
        _ = await FailAsync(second);

        ApiWebhook stopped = await host.Acme.GetHookAsync(webhook);
        Assert.Equal((false, WebhookStopReason.Failing), (stopped.Enabled, stopped.DisableReason));
        Assert.Equal(DeliveryStep.Failed, (await host.Acme.GetAsync(waiting)).State);

        async Task<ApiDelivery> FailAsync(ApiDelivery delivery)
        {
            ApiDelivery last = delivery;
            for (int n = 1; last.State == DeliveryStep.Pending; n++)
            {
                last = await host.TickAsync(clock, delivery, n);
                clock.Jump((last.NextAttemptTime ?? clock.GetUtcNow()) - clock.GetUtcNow());
            }

            return last;
        }
    }

    [Fact]
    public async Task Receiver_ThatAsksForAPause_GetsIt()
    {
        ManualTimeProvider clock = new();
        await using HookReceiver receiver = await HookReceiver.OpenAsync();
        receiver.Answer = http =>
        {
            http.Response.StatusCode = 503;
            http.Response.Headers.RetryAfter = "1800";
            return Task.CompletedTask;
        };
        await using ApiHost host = await ApiHost.OpenAsync(_folder, clock: clock, change: ApiHooks.Loopback);

        ApiDelivery tried = await host.TickAsync(
            clock,
            await host.Acme.TestAsync(await host.Acme.HookAsync(receiver.Url)),
            1
        );

        double pause = (tried.NextAttemptTime!.Value - tried.Attempts![0].Time).TotalSeconds;
        Assert.InRange(pause, 1800, 1805);
    }

    /// <summary>The name leads to an allowed address when it is asked first, and elsewhere when it is asked again.</summary>
    [Fact]
    public async Task Name_ThatLeadsElsewhereTheSecondTime_IsNotFollowed()
    {
        ManualTimeProvider clock = new();
        await using HookReceiver outside = await HookReceiver.OpenAsync("http://127.0.0.2:0");
        int port = new Uri(outside.Url).Port;
        await using HookReceiver inside = await HookReceiver.OpenAsync($"http://127.0.0.1:{port}");
        int asked = 0;
        HostLookup rebinding = (_, _) =>
            Task.FromResult<IPAddress[]>([IPAddress.Parse(asked++ == 0 ? "127.0.0.2" : "127.0.0.1")]);
        outside.Answer = http =>
        {
            http.Response.StatusCode = 500;
            // The second attempt needs a connection of its own.
            http.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        };
        await using ApiHost host = await ApiHost.OpenAsync(
            _folder,
            clock: clock,
            change: o => o with { WebhookNetworks = [IPNetwork.Parse("127.0.0.2/32")] },
            add: services => services.AddSingleton(rebinding)
        );
        ApiWebhook webhook = await host.Acme.HookAsync($"http://hooks.example.com:{port}/");
        ApiDelivery delivery = await host.Acme.TestAsync(webhook);
        _ = await host.TickAsync(clock, delivery, 1);
        clock.Jump(TimeSpan.FromSeconds(6));

        ApiDelivery tried = await host.TickAsync(clock, delivery, 2);

        Assert.Equal((500, "address-refused"), (tried.Attempts![0].Status, tried.Attempts[1].Error));
        Assert.Equal(2, asked);
        Assert.Single(outside.Requests);
        Assert.Empty(inside.Requests);
    }

    /// <summary>Without networks of the operator, whatever a public name leads to.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task Name_ThatLeadsInside_IsNotConnectedTo(string address)
    {
        ManualTimeProvider clock = new();
        HostLookup lookUp = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]);
        await using ApiHost host = await ApiHost.OpenAsync(
            _folder,
            clock: clock,
            add: services => services.AddSingleton(lookUp)
        );
        using System.Net.Sockets.TcpListener listener = new(IPAddress.Any, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;

        ApiDelivery tried = await host.TickAsync(
            clock,
            await host.Acme.TestAsync(await host.Acme.HookAsync($"https://hooks.example.com:{port}/")),
            1
        );

        Assert.Equal("address-refused", tried.Attempts![0].Error);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_ToTheMetadataService_IsAFailure(int status)
    {
        ManualTimeProvider clock = new();
        await using HookReceiver receiver = await HookReceiver.OpenAsync();
        await using HookReceiver inside = await HookReceiver.OpenAsync();
        string[] targets = ["http://169.254.169.254/latest/meta-data/", inside.Url];
        int count = 0;
        receiver.Answer = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = targets[count++];
            return Task.CompletedTask;
        };
        await using ApiHost host = await ApiHost.OpenAsync(_folder, clock: clock, change: ApiHooks.Loopback);
        ApiDelivery delivery = await host.Acme.TestAsync(await host.Acme.HookAsync(receiver.Url));
        _ = await host.TickAsync(clock, delivery, 1);
        clock.Jump(TimeSpan.FromSeconds(6));

        ApiDelivery tried = await host.TickAsync(clock, delivery, 2);

        Assert.Equal([status, status], tried.Attempts!.Select(a => a.Status));
        Assert.Empty(inside.Requests);
    }

    [Theory]
    [MemberData(nameof(Desk.Databases), MemberType = typeof(Desk))]
    public async Task Log_ForgetsWhatIsOld_AndAllButTheNewest(string database)
    {
        ManualTimeProvider clock = new();
        await using ApiHost host = await ApiHost.OpenAsync(_folder, database, clock, ApiHooks.Loopback);
        ApiWebhook webhook = await host.Acme.HookAsync("http://127.0.0.9:9/");
        Guid id = Guid.ParseExact(webhook.Id[4..], "N");
        DateTimeOffset now = clock.GetUtcNow();
        await using JobsDbContext context = await host.NewContextAsync();
        context.WebhookDeliveries.AddRange(Enumerable.Range(0, DeliveryRetention.MostKept + 1200).Select(Row));
        WebhookDeliveryRow pending = Row(100_000);
        (pending.State, pending.EndedAt, pending.DueAt) = (DeliveryState.Pending, null, now.AddYears(1));
        _ = context.WebhookDeliveries.Add(pending);
        _ = await context.SaveChangesAsync();

        await SweepAsync(5);

        IQueryable<WebhookDeliveryRow> over = context.WebhookDeliveries.Where(d => d.State != DeliveryState.Pending);
        Assert.Equal(DeliveryRetention.MostKept, await over.CountAsync());
        Assert.Equal(now.AddSeconds(1 - DeliveryRetention.MostKept), await over.MinAsync(d => d.CreatedAt));
        clock.Jump(DeliveryRetention.Kept);
        await SweepAsync(30);

        Assert.Equal([0], await over.Select(d => d.Attempts).ToListAsync());
        Assert.Equal(1, await context.WebhookDeliveries.CountAsync(d => d.State == DeliveryState.Pending));

        // Beside the host's own: each that finds little to do is at rest for a while, and another takes its place.
        async Task SweepAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await new DeliveryRetention(host.Get<IDbContextFactory<JobsDbContext>>(), clock).SweepAsync(default);
            }
        }

        WebhookDeliveryRow Row(int age) =>
            new()
            {
                Id = Guid.NewGuid(),
                WebhookId = id,
                TenantId = "acme",
                Type = WebhookEvents.Test,
                Body = "{}",
                State = DeliveryState.Delivered,
                CreatedAt = now.AddSeconds(-age),
                EndedAt = now.AddSeconds(-age),
            };
    }
}
