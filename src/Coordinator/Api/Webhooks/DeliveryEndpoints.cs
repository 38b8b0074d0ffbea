using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Webhooks;
using FaceFusion.Batch.Coordinator.Api.Access;
using FaceFusion.Batch.Coordinator.Api.Description;
using FaceFusion.Batch.Coordinator.Api.Paging;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FaceFusion.Batch.Coordinator.Api.Webhooks;

/// <summary><c>/v1/webhooks/{webhook}/deliveries</c>: what was sent, what came of it, and sending it again.</summary>
internal static class DeliveryEndpoints
{
    public static void Map(RouteGroupBuilder webhooks)
    {
        _ = WebhookEndpoints
            .Describe(
                webhooks.MapGet("/{webhook}/deliveries", ListAsync),
                "listDeliveries",
                "What was and is to be sent to a webhook, the newest first, in pages; filter by state"
            )
            .Honours(
                Parameters.PageSize,
                Parameters.PageToken,
                Parameters.Filter("state = PENDING, state = DELIVERED or state = FAILED.")
            )
            .Produces<ApiDeliveryList>();
        _ = WebhookEndpoints
            .Describe(
                webhooks.MapGet("/{webhook}/deliveries/{delivery}", GetAsync),
                "getDelivery",
                "A delivery with its body and its attempts"
            )
            .Produces<ApiDelivery>();
        _ = WebhookEndpoints
            .Describe(
                webhooks.MapPost("/{webhook}/deliveries/{delivery}:replay", ReplayAsync),
                "replayDelivery",
                "Send it again now, with the same id and body"
            )
            .Fails(ProblemKind.InvalidState)
            .Produces<ApiDelivery>(202);
    }

    private static async Task<IResult> ListAsync(string webhook, HttpContext http, DeliveryShelf shelf)
    {
        WebhookRow row = await shelf.FindWebhookAsync(http.Caller().TenantId, webhook, http.RequestAborted);
        PageRequest request = new(http);
        (IReadOnlyList<ApiDelivery> page, string? next) = request.Cut(
            http,
            await shelf.ListAsync(row, http.Request.Query["filter"].ToString(), request, http.RequestAborted),
            d => new PageStart(d.CreateTime.ToUnixTimeMilliseconds(), IdOf(d))
        );
        return Results.Json(new ApiDeliveryList(page, next), ApiJson.Answers);
    }

    private static async Task<IResult> GetAsync(string webhook, string delivery, HttpContext http, DeliveryShelf shelf)
    {
        WebhookRow row = await shelf.FindWebhookAsync(http.Caller().TenantId, webhook, http.RequestAborted);
        return Results.Json(await shelf.GetAsync(row, delivery, http.RequestAborted), ApiJson.Answers);
    }

    private static async Task<IResult> ReplayAsync(
        string webhook,
        string delivery,
        HttpContext http,
        DeliveryShelf shelf
    )
    {
        WebhookRow row = await shelf.FindWebhookAsync(http.Caller().TenantId, webhook, http.RequestAborted);
        await shelf.ReplayAsync(row, delivery);
        return Results.Json(await shelf.GetAsync(row, delivery, http.RequestAborted), ApiJson.Answers, statusCode: 202);
    }

    private static Guid IdOf(ApiDelivery delivery) =>
        ApiIds.TryRead(ApiIds.Delivery, delivery.Id, out Guid id) ? id : throw new InvalidOperationException();
}
