using System.Net.Http.Json;
using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Sources;
using FaceFusion.Batch.Contracts.Api.Uploads;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>Bringing bytes over HTTP, as a client does.</summary>
internal static class ApiUploads
{
    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static Task<HttpResponseMessage> AnnounceAsync(
        this HttpClient client,
        byte[] bytes,
        UploadFor purpose = UploadFor.Target,
        string name = "clip.mp4",
        long? size = null,
        string? sha256 = null
    ) =>
        client.PostAsJsonAsync(
            "/v1/uploads",
            new CreateUpload
            {
                FileName = name,
                SizeBytes = size ?? bytes.Length,
                Sha256 = sha256 ?? HashOf(bytes),
                Purpose = purpose,
            },
            ApiJson.Answers
        );

    /// <summary>Puts the blocks that are missing.</summary>
    public static async Task PutBlocksAsync(this HttpClient client, ApiUpload upload, byte[] bytes)
    {
        HttpResponseMessage listed = await client.GetAsync($"/v1/uploads/{upload.Id}/blocks");
        foreach (ApiBlock block in (await listed.ReadAsync<ApiBlockList>()).Blocks.Where(b => !b.Received))
        {
            int from = block.Number * upload.BlockSizeBytes!.Value;
            HttpResponseMessage put = await client.PutAsync(
                block.Url,
                new ByteArrayContent(bytes, from, (int)block.SizeBytes)
            );
            Assert.Equal(204, (int)put.StatusCode);
        }
    }

    public static Task<HttpResponseMessage> CompleteAsync(this HttpClient client, string uploadId) =>
        client.PostAsync($"/v1/uploads/{uploadId}:complete", null);

    /// <summary>The whole way, to a ready upload.</summary>
    public static async Task<ApiUpload> UploadAsync(
        this HttpClient client,
        byte[] bytes,
        UploadFor purpose = UploadFor.Target
    )
    {
        ApiUpload made = await (await client.AnnounceAsync(bytes, purpose)).ReadAsync<ApiUpload>();
        if (made.State == UploadStep.AwaitingBytes)
        {
            await client.PutBlocksAsync(made, bytes);
            made = await (await client.CompleteAsync(made.Id)).ReadAsync<ApiUpload>();
        }

        Assert.Equal(UploadStep.Ready, made.State);
        return made;
    }

    public static async Task<ApiSource> SourceAsync(this HttpClient client, string name, byte[] photo)
    {
        ApiUpload upload = await client.UploadAsync(photo, UploadFor.Source);
        CreateSource asked = new() { Name = name, Uploads = [upload.Id] };
        return await (await client.PostAsJsonAsync("/v1/sources", asked, ApiJson.Answers)).ReadAsync<ApiSource>();
    }
}
