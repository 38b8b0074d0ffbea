using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Uploads;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>Asking for batches over HTTP, as a client does.</summary>
internal static class ApiBatches
{
    public static async Task<HttpResponseMessage> PostBatchAsync(
        this HttpClient client,
        string body,
        string? key = null,
        string query = ""
    )
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/v1/batches{query}") { Content = ApiJobs.Json(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(request);
    }

    /// <summary>Brings the manifest and asks for its jobs; the batch as soon as it is read.</summary>
    public static async Task<ApiBatch> BatchAsync(this HttpClient client, byte[] manifest, string more = "")
    {
        ApiUpload upload = await client.UploadAsync(manifest, UploadFor.Manifest);
        HttpResponseMessage made = await client.PostBatchAsync($$"""{"manifestUpload":"{{upload.Id}}"{{more}}}""");
        Assert.Equal(202, (int)made.StatusCode);
        return await client.WaitForAsync(await made.ReadAsync<ApiBatch>(), b => b.State != BatchStep.Reading);
    }

    public static async Task<ApiBatch> WaitForAsync(this HttpClient client, ApiBatch batch, Func<ApiBatch, bool> until)
    {
        ApiBatch last = batch;
        await Deadline.UntilAsync(
            async () => until(last = await client.ReadBatchAsync(batch.Id)),
            $"batch, which is {last.State}"
        );
        return last;
    }

    public static async Task<ApiBatch> ReadBatchAsync(this HttpClient client, string id) =>
        await (await client.GetAsync($"/v1/batches/{id}")).ReadAsync<ApiBatch>();

    public static async Task<IReadOnlyList<ApiBatchRow>> RowsAsync(this HttpClient client, string id, string query = "")
    {
        HttpResponseMessage answer = await client.GetAsync($"/v1/batches/{id}/rows?pageSize=500&{query}");
        return (await answer.ReadAsync<ApiBatchRowList>()).Rows;
    }
}
