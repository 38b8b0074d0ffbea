using System.Text.Json;

namespace FaceFusion.Batch.EndToEnd.Tests.ApiPage;

/// <summary>Workers and models.</summary>
internal static class FleetChapter
{
    public static async Task TellAsync(ApiStory story)
    {
        story.Write("## Workers and models");
        JsonElement list = await story.AskAsync("Who works. Keys need the scope `workers`.", "GET /v1/workers", 200);
        string worker = list.GetProperty("workers")[0].GetProperty("id").GetString()!;
        await story.AskAsync(
            "Have one finish what it works on and take nothing more.",
            $"POST /v1/workers/{worker}:drain",
            200
        );
        await story.AskAsync("Have it take work again.", $"POST /v1/workers/{worker}:resume", 200);
        await story.AskAsync("The catalogue of models; here its first row.", "GET /v1/models", 200, rows: 1);
    }
}
