using System.Net.Http.Headers;
using System.Text;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Uploads;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>Asking for jobs over HTTP, as a client does.</summary>
internal static class ApiJobs
{
    private const string Debug = """{"processors":[{"processor":"debug"}]}""";

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>A job that marks the faces of the tiny clip.</summary>
    public static async Task<ApiJob> DebugJobAsync(this HttpClient client, string fileName = "clip.mp4")
    {
        byte[] clip = await File.ReadAllBytesAsync(TinyClip.FullPath);
        ApiUpload upload = await (await client.AnnounceAsync(clip, name: fileName)).ReadAsync<ApiUpload>();
        if (upload.State == UploadStep.AwaitingBytes)
        {
            await client.PutBlocksAsync(upload, clip);
            _ = await client.CompleteAsync(upload.Id);
        }

        HttpResponseMessage made = await client.PostAsync(
            "/v1/jobs",
            Json($$"""{"target":"{{upload.Id}}","recipe":{{Debug}},"chunkFrames":10}""")
        );
        Assert.Equal(201, (int)made.StatusCode);
        return await made.ReadAsync<ApiJob>();
    }

    /// <summary>Polls as a client does, until the job stands there.</summary>
    public static async Task<ApiJob> WaitForAsync(this HttpClient client, ApiJob job, JobStep step)
    {
        ApiJob last = job;
        await Deadline.UntilAsync(
            async () => (last = await (await client.GetAsync($"/v1/jobs/{job.Id}")).ReadAsync<ApiJob>()).State == step,
            $"{step} instead of {last.State}"
        );
        return last;
    }

    public static async Task<HttpResponseMessage> GetRangeAsync(this HttpClient client, string url, string range)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.Range = RangeHeaderValue.Parse(range);
        return await client.SendAsync(request);
    }
}
