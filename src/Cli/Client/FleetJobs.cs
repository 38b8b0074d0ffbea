using System.Net;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Outputs;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>A job as it was read.</summary>
/// <param name="Job">Null: it is as it was when <paramref name="ETag"/> was read before.</param>
/// <param name="ETag">Its version.</param>
/// <param name="HasWaited">The server held its answer back until something happened, or for as long as it was asked to.</param>
internal sealed record ReadJob(ApiJob? Job, string? ETag, bool HasWaited);

/// <summary>The fleet's jobs, as its API has them.</summary>
internal sealed class FleetJobs(ApiConnection connection)
{
    private const int PageSize = 200;

    public ApiConnection Connection => connection;

    /// <param name="id">Of the job.</param>
    /// <param name="seen">ETag that is known; null: none.</param>
    /// <param name="wait">How long the answer may be held back while nothing happens.</param>
    /// <param name="stop">Ends the request.</param>
    public async Task<ReadJob> ReadAsync(string id, string? seen, TimeSpan wait, CancellationToken stop)
    {
        ApiCall call = ApiCall.Get(PathOf(id));
        if (seen is not null)
        {
            call = call.With("If-None-Match", seen);
        }

        if (wait > TimeSpan.Zero)
        {
            call = call.With("Prefer", $"wait={wait.TotalSeconds:0}") with { Timeout = call.Timeout + wait };
        }

        using HttpResponseMessage answer = await connection.SendAsync(call, stop);
        bool hasWaited = answer.Headers.Contains("Preference-Applied");
        string? tag = answer.Headers.ETag?.ToString();
        return answer.StatusCode == HttpStatusCode.NotModified
            ? new ReadJob(null, tag ?? seen, hasWaited)
            : new ReadJob(await connection.ReadAsync<ApiJob>(answer, stop), tag, hasWaited);
    }

    public Task<ApiJob> GetAsync(string id, CancellationToken stop) =>
        connection.AskAsync<ApiJob>(ApiCall.Get(PathOf(id)), stop);

    /// <summary>The newest first.</summary>
    /// <param name="filter">In the API's words; null: all.</param>
    /// <param name="most">How many are wanted.</param>
    /// <param name="stop">Ends the reading.</param>
    public async Task<IReadOnlyList<ApiJob>> ListAsync(string? filter, int most, CancellationToken stop)
    {
        List<ApiJob> jobs = [];
        string? token = null;
        do
        {
            string query = $"pageSize={Math.Min(PageSize, most - jobs.Count)}";
            query += filter is null ? "" : $"&filter={Uri.EscapeDataString(filter)}";
            query += token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}";
            ApiJobList page = await connection.AskAsync<ApiJobList>(ApiCall.Get($"v1/jobs?{query}"), stop);
            jobs.AddRange(page.Jobs);
            token = page.NextPageToken;
        } while (token is not null && jobs.Count < most);

        return jobs;
    }

    /// <summary>One of <c>cancel</c>, <c>retry</c>, <c>pause</c> and <c>resume</c>; the job afterwards.</summary>
    /// <param name="id">Of the job.</param>
    /// <param name="action">Its name.</param>
    /// <param name="body">What it is told; null: nothing.</param>
    /// <param name="stop">Ends the request.</param>
    public Task<ApiJob> ActAsync(string id, string action, CancelJob? body, CancellationToken stop)
    {
        string path = $"{PathOf(id)}:{action}";
        ApiCall call = body is null ? ApiCall.Post(path) : ApiCall.Post(path, body);
        // A second retry would find the job running and be refused, although the first one did what was wanted.
        return connection.AskAsync<ApiJob>(call with { IsRepeatable = action != "retry" }, stop);
    }

    /// <summary>The last word wins: it is not asked for which version this is meant.</summary>
    public Task<ApiJob> PatchAsync(string id, PatchJob change, CancellationToken stop) =>
        connection.AskAsync<ApiJob>(
            ApiCall.Patch(PathOf(id), change).With("If-Match", "*") with
            {
                IsRepeatable = true,
            },
            stop
        );

    /// <exception cref="ApiCallException">It has not ended, or has changed while it was looked at.</exception>
    public async Task DeleteAsync(string id, CancellationToken stop)
    {
        ReadJob read = await ReadAsync(id, null, TimeSpan.Zero, stop);
        ApiCall call = new ApiCall(HttpMethod.Delete, PathOf(id)).With("If-Match", read.ETag ?? "*");
        (await connection.SendAsync(call, stop)).Dispose();
    }

    /// <summary>By index.</summary>
    public async Task<IReadOnlyList<ApiChunk>> ListChunksAsync(string id, CancellationToken stop)
    {
        List<ApiChunk> chunks = [];
        string? token = null;
        do
        {
            string query = $"pageSize={PageSize}" + (token is null ? "" : $"&pageToken={Uri.EscapeDataString(token)}");
            ApiChunkList page = await connection.AskAsync<ApiChunkList>(
                ApiCall.Get($"{PathOf(id)}/chunks?{query}"),
                stop
            );
            chunks.AddRange(page.Chunks);
            token = page.NextPageToken;
        } while (token is not null);

        return chunks;
    }

    /// <summary>The oldest first.</summary>
    public async Task<IReadOnlyList<ApiAttempt>> ListAttemptsAsync(string id, int chunk, CancellationToken stop) =>
        (
            await connection.AskAsync<ApiAttemptList>(ApiCall.Get($"{PathOf(id)}/chunks/{chunk}/attempts"), stop)
        ).Attempts;

    /// <summary>One try, with what its worker has reported of it.</summary>
    public Task<ApiAttempt> GetAttemptAsync(string id, int chunk, int attempt, CancellationToken stop) =>
        connection.AskAsync<ApiAttempt>(ApiCall.Get($"{PathOf(id)}/chunks/{chunk}/attempts/{attempt}"), stop);

    /// <summary>Empty before the job has succeeded.</summary>
    public async Task<IReadOnlyList<ApiOutput>> ListOutputsAsync(string id, CancellationToken stop) =>
        (await connection.AskAsync<ApiOutputList>(ApiCall.Get($"{PathOf(id)}/outputs"), stop)).Outputs;

    /// <summary>What was typed as an id is a part of the path and nothing else.</summary>
    public static string PathOf(string id) => $"v1/jobs/{Uri.EscapeDataString(id)}";
}
