using FaceFusion.Batch.Contracts.Api.Webhooks;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>The fleet's webhooks, as its API has them.</summary>
internal sealed class FleetWebhooks(ApiConnection connection)
{
    private const string Root = "v1/webhooks";
    private const int PageSize = 200;

    /// <summary>Sent again it makes no second one.</summary>
    public Task<ApiWebhook> CreateAsync(CreateWebhook asked, CancellationToken stop) =>
        connection.AskAsync<ApiWebhook>(ApiCall.Post(Root, asked).Once($"{Guid.NewGuid():N}"), stop);

    public Task<ApiWebhook> GetAsync(string id, CancellationToken stop) =>
        connection.AskAsync<ApiWebhook>(ApiCall.Get(PathOf(id)), stop);

    /// <summary>The oldest first.</summary>
    public async Task<IReadOnlyList<ApiWebhook>> ListAsync(CancellationToken stop)
    {
        List<ApiWebhook> all = [];
        string? token = null;
        do
        {
            ApiWebhookList page = await connection.AskAsync<ApiWebhookList>(
                ApiCall.Get($"{Root}?pageSize={PageSize}{TokenOf(token)}"),
                stop
            );
            all.AddRange(page.Webhooks);
            token = page.NextPageToken;
        } while (token is not null);

        return all;
    }

    /// <summary>The last word wins: it is not asked for which version this is meant.</summary>
    public Task<ApiWebhook> PatchAsync(string id, PatchWebhook change, CancellationToken stop) =>
        connection.AskAsync<ApiWebhook>(
            ApiCall.Patch(PathOf(id), change).With("If-Match", "*") with
            {
                IsRepeatable = true,
            },
            stop
        );

    public async Task DeleteAsync(string id, CancellationToken stop)
    {
        ApiCall call = new ApiCall(HttpMethod.Delete, PathOf(id)).With("If-Match", "*");
        (await connection.SendAsync(call, stop)).Dispose();
    }

    public Task<ApiDelivery> TestAsync(string id, CancellationToken stop) =>
        connection.AskAsync<ApiDelivery>(ApiCall.Post($"{PathOf(id)}:test"), stop);

    /// <summary>Sent again it makes no third secret.</summary>
    public Task<ApiWebhook> RotateAsync(string id, int keepHours, CancellationToken stop)
    {
        ApiCall call = ApiCall.Post($"{PathOf(id)}:rotateSecret", new RotateSecret { KeepHours = keepHours });
        return connection.AskAsync<ApiWebhook>(call.Once($"{Guid.NewGuid():N}"), stop);
    }

    /// <summary>The newest first.</summary>
    /// <param name="id">Of the webhook.</param>
    /// <param name="state">Only these; null: all.</param>
    /// <param name="most">How many are wanted.</param>
    /// <param name="stop">Ends the reading.</param>
    public async Task<IReadOnlyList<ApiDelivery>> ListDeliveriesAsync(
        string id,
        string? state,
        int most,
        CancellationToken stop
    )
    {
        string filter = state is null ? "" : $"&filter={Uri.EscapeDataString($"state = {state.ToUpperInvariant()}")}";
        List<ApiDelivery> all = [];
        string? token = null;
        do
        {
            int size = Math.Min(PageSize, most - all.Count);
            ApiDeliveryList page = await connection.AskAsync<ApiDeliveryList>(
                ApiCall.Get($"{PathOf(id)}/deliveries?pageSize={size}{filter}{TokenOf(token)}"),
                stop
            );
            all.AddRange(page.Deliveries);
            token = page.NextPageToken;
        } while (token is not null && all.Count < most);

        return all;
    }

    /// <summary>With its body and its attempts.</summary>
    public Task<ApiDelivery> GetDeliveryAsync(string id, string delivery, CancellationToken stop) =>
        connection.AskAsync<ApiDelivery>(ApiCall.Get(PathOf(id, delivery)), stop);

    public Task<ApiDelivery> ReplayAsync(string id, string delivery, CancellationToken stop) =>
        connection.AskAsync<ApiDelivery>(ApiCall.Post($"{PathOf(id, delivery)}:replay"), stop);

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";

    private static string PathOf(string id, string delivery) =>
        $"{PathOf(id)}/deliveries/{Uri.EscapeDataString(delivery)}";

    private static string TokenOf(string? token) => token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}";
}
