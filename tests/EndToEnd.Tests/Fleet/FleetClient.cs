using System.Net.Http.Headers;
using System.Net.Http.Json;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Jobs;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.Fleet;

/// <summary>Looks at a fleet many times a second, which a command for each look would be too slow for.</summary>
internal sealed class FleetClient : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http;

    private FleetClient(Uri server, string key)
    {
        _http = new HttpClient { BaseAddress = server };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public static async Task<FleetClient> OfAsync(FleetProcesses fleet) =>
        new(fleet.Server, (await fleet.KeyAsync()).Trim());

    public async Task<ApiJob> JobAsync(string job) =>
        (await _http.GetFromJsonAsync<ApiJob>($"v1/jobs/{job}", ApiJson.Answers))!;

    /// <summary>Every try at each chunk of a job; empty before it is planned.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<ApiAttempt>>> AttemptsAsync(string job)
    {
        List<IReadOnlyList<ApiAttempt>> all = [];
        foreach (ApiChunk chunk in await ChunksAsync(job))
        {
            string path = $"v1/jobs/{job}/chunks/{chunk.Index}/attempts";
            all.Add((await _http.GetFromJsonAsync<ApiAttemptList>(path, ApiJson.Answers))!.Attempts);
        }

        return all;
    }

    public async Task<IReadOnlyList<ApiChunk>> ChunksAsync(string job)
    {
        using HttpResponseMessage answer = await _http.GetAsync($"v1/jobs/{job}/chunks?pageSize=100");
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<ApiChunkList>(ApiJson.Answers))!.Chunks
            : [];
    }

    /// <summary>Returns the first chunk that is so.</summary>
    public async Task<ApiChunk> UntilAsync(string job, Func<ApiChunk, bool> isSo)
    {
        using CancellationTokenSource tooLong = new(Longest);
        while (true)
        {
            if ((await ChunksAsync(job)).FirstOrDefault(isSo) is { } found)
            {
                return found;
            }

            Assert.False(tooLong.IsCancellationRequested, $"No chunk of {job} came so far: {await JobAsync(job)}");
            await Task.Delay(50);
        }
    }

    public async Task CancelAsync(string job)
    {
        using HttpResponseMessage answer = await _http.PostAsync($"v1/jobs/{job}:cancel", null);
        _ = answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
