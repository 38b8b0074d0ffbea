using System.Text.Json;

namespace FaceFusion.Batch.EndToEnd.Tests.ApiPage;

/// <summary>Lists, and what may be done to jobs. Needs <c>job</c>, <c>target</c>.</summary>
internal static class ControlChapter
{
    public static async Task TellAsync(ApiStory story)
    {
        story.Write("## Change and list jobs");
        string url = $"/v1/jobs/{story.Kept["job"]}";
        using HttpResponseMessage now = await story.Client.GetAsync(url);
        string tag = now.Headers.ETag!.Tag;
        await story.AskAsync(
            "Priority and labels change, of the version that you have read; `null` takes a label away.",
            $"PATCH {url}",
            200,
            """{"priority":90,"labels":{"owner":"ann"}}""",
            [$"If-Match: {tag}"]
        );
        await story.AskAsync(
            "Somebody else has changed it meanwhile.",
            $"PATCH {url}",
            412,
            """{"priority":10}""",
            [$"If-Match: {tag}"]
        );
        await story.AskAsync("It is not said which version is meant.", $"PATCH {url}", 428, """{"priority":10}""");
        string asked = $$"""
            {"target":"{{story.Kept[
                "target"
            ]}}","recipe":{"processors":[{"processor":"debug"}] },"labels":{"campaign":"spring"} }
            """;
        JsonElement other = await story.AskQuietlyAsync("POST /v1/jobs", asked);
        string second = $"/v1/jobs/{other.GetProperty("id").GetString()}";
        await story.AskAsync("Another job: begin nothing new of it. What runs finishes.", $"POST {second}:pause", 200);
        await story.AskAsync("Go on with it.", $"POST {second}:resume", 200);
        await story.AskAsync(
            "End it. Nothing of it is published, its running chunks stop within seconds, and to cancel it again changes nothing.",
            $"POST {second}:cancel",
            200,
            """{"reason":"wrong face"}"""
        );
        await story.AskAsync("What does not fit its state is refused.", $"POST {second}:pause", 409);
        JsonElement list = await story.AskAsync(
            "Your jobs, the newest first, page by page. The filter joins terms by AND: `state = FAILED`, `labels.KEY = \"VALUE\"`, "
                + "`createTime > \"2026-11-21T00:00:00Z\"` (also <, <=, >=, =).",
            "GET /v1/jobs?filter=labels.campaign%20%3D%20%22spring%22&pageSize=1",
            200
        );
        string token = list.GetProperty("nextPageToken").GetString()!;
        await story.AskAsync(
            "A token is good for its list, filter, order and key alone.",
            $"GET /v1/jobs?filter=labels.campaign%20%3D%20%22spring%22&pageSize=1&pageToken={token}",
            200
        );
        await story.AskAsync(
            "Do again what failed or was cancelled; finished chunks are kept.",
            $"POST {second}:retry",
            200
        );
        _ = await story.AskQuietlyAsync($"POST {second}:cancel");
        await story.AskAsync(
            "Forget a job that has ended, and all that it stored.",
            $"DELETE {second}",
            204,
            fields: ["If-Match: *"]
        );
    }
}
