using System.Net;
using System.Net.Http.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Coordinator.Api;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>Webhooks over HTTP, as a client has them.</summary>
internal static class ApiHooks
{
    /// <summary>Options of an API whose operator lets webhooks lead to this machine.</summary>
    public static ApiOptions Loopback(ApiOptions options) =>
        options with
        {
            WebhookNetworks = [IPNetwork.Parse("127.0.0.0/8")],
        };

    public static async Task<ApiWebhook> HookAsync(this HttpClient client, string url, params string[] events)
    {
        HttpResponseMessage made = await client.PostAsJsonAsync(
            "/v1/webhooks",
            new CreateWebhook { Url = url, Events = events.Length > 0 ? events : [WebhookEvents.JobCompleted] },
            ApiJson.Answers
        );
        Assert.Equal(201, (int)made.StatusCode);
        return await made.ReadAsync<ApiWebhook>();
    }

    public static async Task<ApiWebhook> GetHookAsync(this HttpClient client, ApiWebhook webhook) =>
        await (await client.GetAsync($"/v1/webhooks/{webhook.Id}")).ReadAsync<ApiWebhook>();

    public static async Task<ApiDelivery> TestAsync(this HttpClient client, ApiWebhook webhook)
    {
        HttpResponseMessage sent = await client.PostAsync($"/v1/webhooks/{webhook.Id}:test", null);
        Assert.Equal(202, (int)sent.StatusCode);
        return await sent.ReadAsync<ApiDelivery>();
    }

    public static async Task<ApiDelivery> GetAsync(this HttpClient client, ApiDelivery delivery) =>
        await (
            await client.GetAsync($"/v1/webhooks/{delivery.Webhook}/deliveries/{delivery.Id}")
        ).ReadAsync<ApiDelivery>();

    public static Task<HttpResponseMessage> ReplayAsync(this HttpClient client, ApiDelivery delivery) =>
        client.PostAsync($"/v1/webhooks/{delivery.Webhook}/deliveries/{delivery.Id}:replay", null);

    public static async Task<HttpResponseMessage> PatchAsync(
        this HttpClient client,
        ApiWebhook webhook,
        string body,
        string? match = "*"
    )
    {
        using HttpRequestMessage request = new(HttpMethod.Patch, $"/v1/webhooks/{webhook.Id}")
        {
            Content = ApiJobs.Json(body),
        };
        if (match is not null)
        {
            request.Headers.Add("If-Match", match);
        }

        return await client.SendAsync(request);
    }

    /// <summary>Moves the clock on, second by second and slowly enough for what is under way, until it holds.</summary>
    public static async Task TickUntilAsync(this ManualTimeProvider clock, Func<Task<bool>> holds, string what)
    {
        long last = Environment.TickCount64;
        await Deadline.UntilAsync(
            async () =>
            {
                if (await holds())
                {
                    return true;
                }

                if (Environment.TickCount64 - last > 250)
                {
                    clock.Advance(TimeSpan.FromSeconds(1));
                    last = Environment.TickCount64;
                }

                return false;
            },
            what
        );
    }

    /// <summary>Until so many attempts at it are written down.</summary>
    public static async Task<ApiDelivery> TickAsync(
        this ApiHost host,
        ManualTimeProvider clock,
        ApiDelivery delivery,
        int attempts
    )
    {
        ApiDelivery last = delivery;
        await clock.TickUntilAsync(
            async () => (last = await host.Acme.GetAsync(delivery)).Attempts!.Count >= attempts,
            $"attempt {attempts}"
        );
        return last;
    }
}
