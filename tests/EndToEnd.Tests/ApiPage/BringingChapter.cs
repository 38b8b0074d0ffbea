using System.Security.Cryptography;
using System.Text.Json;
using FaceFusion.Batch.EndToEnd.Tests.Support;

namespace FaceFusion.Batch.EndToEnd.Tests.ApiPage;

/// <summary>Uploads and sources. Keeps <c>target</c>, <c>source</c>.</summary>
internal static class BringingChapter
{
    public static async Task TellAsync(ApiStory story, string clip)
    {
        story.Write("## Bring a target and a source");
        byte[] bytes = await File.ReadAllBytesAsync(clip);
        string asked = AskOf("clip.mp4", bytes, "TARGET");
        JsonElement upload = await story.AskAsync(
            "Announce the bytes, by their length and SHA-256. The name is for people and never a path.",
            "POST /v1/uploads",
            201,
            asked,
            ["Idempotency-Key: clip-1"]
        );
        string id = upload.GetProperty("id").GetString()!;
        JsonElement blocks = await story.AskAsync(
            "Ask where the blocks go. In a fleet with Azure Blob Storage these are addresses of the store, signed for one block "
                + "each; send the header fields that stand beside them. Ask again after a break: `received` says which are there.",
            $"GET /v1/uploads/{id}/blocks",
            200
        );
        string url = blocks.GetProperty("blocks")[0].GetProperty("url").GetString()!;
        await story.ExchangeBytesAsync(
            "Put each block that is missing. To send one twice does no harm.",
            $"PUT {url}",
            204,
            bytes
        );
        await story.AskAsync(
            "Say that all are there. The bytes are hashed and looked into; what is no video, or not the declared bytes, is a 422 "
                + "with a code of its own, and is deleted. A check of more than 30 seconds is a 202: ask again.",
            $"POST /v1/uploads/{id}:complete",
            200
        );
        await story.AskAsync(
            "Bytes that you have brought before are not asked for again.",
            "POST /v1/uploads",
            200,
            asked
        );
        byte[] photo = await File.ReadAllBytesAsync(Clips.Portrait);
        string face = (await story.AskQuietlyAsync("POST /v1/uploads", AskOf("me.jpg", photo, "SOURCE")))
            .GetProperty("id")
            .GetString()!;
        await PutQuietlyAsync(story, face, photo);
        JsonElement source = await story.AskAsync(
            "A source is an identity, made of one or more photos that were uploaded in the same way with the purpose `SOURCE`.",
            "POST /v1/sources",
            201,
            $$"""{"name":"me","uploads":["{{face}}"]}"""
        );
        story.Kept["target"] = id;
        story.Kept["source"] = source.GetProperty("id").GetString()!;
    }

    private static async Task PutQuietlyAsync(ApiStory story, string upload, byte[] bytes)
    {
        using ByteArrayContent content = new(bytes);
        _ = (await story.Client.PutAsync($"/v1/uploads/{upload}/blocks/0", content)).EnsureSuccessStatusCode();
        _ = await story.AskQuietlyAsync($"POST /v1/uploads/{upload}:complete");
    }

    private static string AskOf(string name, byte[] bytes, string purpose) =>
        JsonSerializer.Serialize(
            new
            {
                fileName = name,
                sizeBytes = bytes.Length,
                sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
                purpose,
            }
        );
}
