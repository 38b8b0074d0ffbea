using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Bodies;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Idempotency;
using FaceFusion.Batch.Coordinator.Api.Jobs;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Webhooks;

/// <summary><c>/v1/webhooks</c>: addresses that are told of events.</summary>
internal static class WebhookEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        RouteGroupBuilder webhooks = v1.MapGroup("/webhooks").WithTags("Webhooks");
        _ = Describe(
                webhooks.MapPost("", CreateAsync),
                "createWebhook",
                "Have an address told of events; the answer shows its secret this once"
            )
            .Honours(Parameters.IdempotencyKey)
            .Fails(ProblemKind.WebhookUrl, ProblemKind.WebhookLimit)
            .Accepts<CreateWebhook>(RequestBody.Json)
            .Produces<ApiWebhook>(201);
        _ = Describe(webhooks.MapGet("", ListAsync), "listWebhooks", "Your webhooks, in pages")
            .Honours(Parameters.PageSize, Parameters.PageToken)
            .Produces<ApiWebhookList>();
        _ = Describe(
                webhooks.MapGet("/{webhook}", GetAsync),
                "getWebhook",
                "A webhook, and why it is disabled if it is"
            )
            .Produces<ApiWebhook>();
        _ = Describe(
                webhooks.MapPatch("/{webhook}", PatchAsync),
                "patchWebhook",
                "Change address, events or label, or disable and enable it; If-Match is needed"
            )
            .Honours(Parameters.IfMatch)
            .Fails(ProblemKind.WebhookUrl)
            .Accepts<PatchWebhook>(RequestBody.MergePatch, RequestBody.Json)
            .Produces<ApiWebhook>();
        _ = Describe(
                webhooks.MapDelete("/{webhook}", DeleteAsync),
                "deleteWebhook",
                "Forget it and all that was sent to it; If-Match is needed"
            )
            .Honours(Parameters.IfMatch)
            .Produces(204);
        _ = Describe(webhooks.MapPost("/{webhook}:test", TestAsync), "testWebhook", "Send it a webhook.test now")
            .Fails(ProblemKind.InvalidState)
            .Produces<ApiDelivery>(202);
        _ = Describe(
                webhooks.MapPost("/{webhook}:rotateSecret", RotateAsync),
                "rotateWebhookSecret",
                "Make another secret, which the answer shows this once; the one so far signs beside it for a while"
            )
            .Honours(Parameters.IdempotencyKey)
            .Fails(ProblemKind.InvalidState, ProblemKind.Stale)
            .MayTake<RotateSecret>()
            .Produces<ApiWebhook>(201);
        DeliveryEndpoints.Map(webhooks);
    }

    public static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.Needs(ApiScope.Webhooks).WithName(name).WithSummary(summary);

    private static async Task<IResult> CreateAsync(
        HttpContext http,
        WebhookDesk desk,
        DeliveryShelf shelf,
        Repeats repeats,
        TimeProvider clock
    )
    {
        RequestBody<CreateWebhook> body = await RequestBody.ReadAsync<CreateWebhook>(http);
        string tenant = http.Caller().TenantId;
        Made made = await repeats.OnceAsync(
            http,
            body.Bytes,
            async id =>
            {
                await desk.CreateAsync(tenant, id, body.Value);
                string name = ApiIds.Write(ApiIds.Webhook, id);
                WebhookRow row = await shelf.FindWebhookAsync(tenant, name, default);
                ApiWebhook answer = WebhookAnswers.Of(row, clock.GetUtcNow());
                return Made.Of(201, answer, id, $"/v1/webhooks/{name}", JobAnswers.TagOf(row.Version));
            }
        );
        return await WithSecretAsync(made, ApiIds.Write(ApiIds.Webhook, made.MadeId), http, shelf);
    }

    private static async Task<IResult> RotateAsync(
        string webhook,
        HttpContext http,
        WebhookDesk desk,
        DeliveryShelf shelf,
        Repeats repeats,
        TimeProvider clock
    )
    {
        RequestBody<RotateSecret> body = await RequestBody.ReadOptionalAsync<RotateSecret>(http);
        string tenant = http.Caller().TenantId;
        _ = await shelf.FindWebhookAsync(tenant, webhook, http.RequestAborted);
        Made made = await repeats.OnceAsync(
            http,
            body.Bytes,
            async id =>
            {
                await desk.RotateAsync(await shelf.FindWebhookAsync(tenant, webhook, default), id, body.Value);
                WebhookRow row = await shelf.FindWebhookAsync(tenant, webhook, default);
                ApiWebhook answer = WebhookAnswers.Of(row, clock.GetUtcNow());
                return Made.Of(201, answer, id, eTag: JobAnswers.TagOf(row.Version));
            }
        );
        return await WithSecretAsync(made, webhook, http, shelf);
    }

    /// <summary>
    /// What is kept of an answer for requests that come again has no secret in it: that stands in the webhook's row alone, and is
    /// shown to the request that made it for as long as it is the one that signs.
    /// </summary>
    private static async Task<IResult> WithSecretAsync(Made made, string webhook, HttpContext http, DeliveryShelf shelf)
    {
        WebhookRow row = await shelf.FindWebhookAsync(http.Caller().TenantId, webhook, http.RequestAborted);
        ApiWebhook answer = JsonSerializer.Deserialize<ApiWebhook>(made.Body, ApiJson.Answers)!;
        return made with
        {
            Body = JsonSerializer.Serialize(
                answer with
                {
                    Secret = row.SecretId == made.MadeId ? row.Secret : null,
                },
                ApiJson.Answers
            ),
        };
    }

    private static async Task<IResult> ListAsync(HttpContext http, DeliveryShelf shelf, TimeProvider clock)
    {
        PageRequest request = new(http);
        (IReadOnlyList<WebhookRow> page, string? next) = request.Cut(
            http,
            await shelf.ListWebhooksAsync(http.Caller().TenantId, request, http.RequestAborted),
            w => new PageStart(w.CreatedAt.ToUnixTimeMilliseconds(), w.Id)
        );
        DateTimeOffset now = clock.GetUtcNow();
        return Results.Json(
            new ApiWebhookList([.. page.Select(w => WebhookAnswers.Of(w, now))], next),
            ApiJson.Answers
        );
    }

    private static async Task<IResult> GetAsync(
        string webhook,
        HttpContext http,
        DeliveryShelf shelf,
        TimeProvider clock
    )
    {
        WebhookRow row = await shelf.FindWebhookAsync(http.Caller().TenantId, webhook, http.RequestAborted);
        http.Response.Headers.ETag = JobAnswers.TagOf(row.Version);
        return Results.Json(WebhookAnswers.Of(row, clock.GetUtcNow()), ApiJson.Answers);
    }

    private static async Task<IResult> PatchAsync(
        string webhook,
        HttpContext http,
        WebhookDesk desk,
        DeliveryShelf shelf,
        TimeProvider clock
    )
    {
        RequestBody<PatchWebhook> body = await RequestBody.ReadAsync<PatchWebhook>(
            http,
            RequestBody.MergePatch,
            RequestBody.Json
        );
        await Preconditions.ChangeAsync(
            http,
            () => shelf.FindWebhookAsync(http.Caller().TenantId, webhook, http.RequestAborted),
            (row, version) => desk.PatchAsync(row, version, body.Value)
        );
        return await GetAsync(webhook, http, shelf, clock);
    }

    private static async Task<IResult> DeleteAsync(
        string webhook,
        HttpContext http,
        WebhookDesk desk,
        DeliveryShelf shelf
    )
    {
        await Preconditions.ChangeAsync(
            http,
            () => shelf.FindWebhookAsync(http.Caller().TenantId, webhook, http.RequestAborted),
            desk.DeleteAsync
        );
        return Results.NoContent();
    }

    private static async Task<IResult> TestAsync(
        string webhook,
        HttpContext http,
        WebhookDesk desk,
        DeliveryShelf shelf
    )
    {
        WebhookRow row = await shelf.FindWebhookAsync(http.Caller().TenantId, webhook, http.RequestAborted);
        ApiDelivery sent = await shelf.GetAsync(row, await desk.TestAsync(row), http.RequestAborted);
        http.Response.Headers.Location = $"/v1/webhooks/{sent.Webhook}/deliveries/{sent.Id}";
        return Results.Json(sent, ApiJson.Answers, statusCode: 202);
    }
}
