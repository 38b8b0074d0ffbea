using System.Net;
using FaceFusion.Batch.Contracts.Api.Batches;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>The fleet's batches, as its API has them.</summary>
internal sealed class FleetBatches(ApiConnection connection)
{
    private const int PageSize = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Makes one, however often the request is sent.</summary>
    public Task<ApiBatch> SubmitAsync(CreateBatch asked, CancellationToken stop)
    {
        ApiCall call = ApiCall.Post("v1/batches", asked).Once($"batch-{Guid.NewGuid():N}");
        return connection.AskAsync<ApiBatch>(call with { Patience = Patience }, stop);
    }

    public Task<ApiBatch> GetAsync(string id, CancellationToken stop) =>
        connection.AskAsync<ApiBatch>(ApiCall.Get(PathOf(id)), stop);

    /// <param name="id">Of the batch.</param>
    /// <param name="seen">ETag that is known; null: none.</param>
    /// <param name="stop">Ends the request.</param>
    /// <returns>No batch: it is as it was.</returns>
    public async Task<(ApiBatch? Batch, string? ETag)> ReadAsync(string id, string? seen, CancellationToken stop)
    {
        ApiCall call = ApiCall.Get(PathOf(id));
        using HttpResponseMessage answer = await connection.SendAsync(
            seen is null ? call : call.With("If-None-Match", seen),
            stop
        );
        return answer.StatusCode == HttpStatusCode.NotModified
            ? (null, seen)
            : (await connection.ReadAsync<ApiBatch>(answer, stop), answer.Headers.ETag?.ToString());
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<ApiBatch>> ListAsync(int most, CancellationToken stop)
    {
        List<ApiBatch> batches = [];
        string? token = null;
        do
        {
            string query = $"pageSize={Math.Min(PageSize, most - batches.Count)}{Next(token)}";
            ApiBatchList page = await connection.AskAsync<ApiBatchList>(ApiCall.Get($"v1/batches?{query}"), stop);
            batches.AddRange(page.Batches);
            token = page.NextPageToken;
        } while (token is not null && batches.Count < most);

        return batches;
    }

    /// <summary>By line.</summary>
    /// <param name="id">Of the batch.</param>
    /// <param name="state">Only these, in the API's words; null: all.</param>
    /// <param name="stop">Ends the reading.</param>
    public async Task<IReadOnlyList<ApiBatchRow>> ListRowsAsync(string id, string? state, CancellationToken stop)
    {
        List<ApiBatchRow> rows = [];
        string filter = state is null ? "" : $"&filter={Uri.EscapeDataString($"state = {state}")}";
        string? token = null;
        do
        {
            ApiBatchRowList page = await connection.AskAsync<ApiBatchRowList>(
                ApiCall.Get($"{PathOf(id)}/rows?pageSize={PageSize}{filter}{Next(token)}"),
                stop
            );
            rows.AddRange(page.Rows);
            token = page.NextPageToken;
        } while (token is not null);

        return rows;
    }

    public Task<ApiBatch> CancelAsync(string id, string? reason, CancellationToken stop) =>
        connection.AskAsync<ApiBatch>(
            ApiCall.Post($"{PathOf(id)}:cancel", new CancelBatch { Reason = reason }) with
            {
                IsRepeatable = true,
            },
            stop
        );

    public Task<ApiBatch> RetryAsync(string id, CancellationToken stop) =>
        connection.AskAsync<ApiBatch>(ApiCall.Post($"{PathOf(id)}:retryFailed"), stop);

    private static string Next(string? token) => token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}";

    private static string PathOf(string id) => $"v1/batches/{Uri.EscapeDataString(id)}";
}
