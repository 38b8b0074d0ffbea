using System.Text.Json;
using Xunit;

namespace FaceFusion.Batch.EndToEnd.Tests.ApiPage;

/// <summary>From the plan to the result. Keeps <c>job</c>, which has succeeded.</summary>
internal static class JobChapter
{
    public static async Task TellAsync(ApiStory story)
    {
        story.Write("## Ask for a job");
        string asked = $$"""
            {"target":"{{story.Kept["target"]}}","sources":["{{story.Kept["source"]}}"],"labels":{"campaign":"spring"},
            "recipe":{"processors":[{"processor":"swap"}],"encode":{"preset":"veryfast"} },"chunkFrames":12}
            """;
        await story.AskAsync(
            "The plan alone; nothing is made. [recipes.md](recipes.md) has every field of a recipe.",
            "POST /v1/jobs?validateOnly=true",
            200,
            asked
        );
        JsonElement job = await story.AskAsync(
            "The job. `Prefer: wait` holds the answer back until the job has ended or the time is up (60 seconds at most), and "
                + "`Preference-Applied` says for how long it would have been; without it the answer comes at once, with the state QUEUED.",
            "POST /v1/jobs",
            201,
            asked,
            ["Idempotency-Key: order-7", "Prefer: wait=60"]
        );
        Assert.Equal("SUCCEEDED", job.GetProperty("state").GetString());
        string id = story.Kept["job"] = job.GetProperty("id").GetString()!;
        await story.AskAsync(
            "The same request with the same key makes no second job, whatever the network does: it has the first answer for 24 hours. "
                + "The same key with another body is a 422, and while the first request is in flight a 409.",
            "POST /v1/jobs",
            201,
            asked,
            ["Idempotency-Key: order-7"]
        );
        await PollAsync(story, id);
        await ReadAsync(story, id);
    }

    private static async Task PollAsync(ApiStory story, string id)
    {
        story.Write("## Watch it");
        using HttpResponseMessage now = await story.Client.GetAsync($"/v1/jobs/{id}");
        string tag = now.Headers.ETag!.Tag;
        await story.AskAsync("A job as it is now.", $"GET /v1/jobs/{id}", 200);
        await story.AskAsync(
            "To poll, send the ETag that you have: while there is nothing new you get no body, and it costs the server next to "
                + "nothing. `Retry-After` says when to come again.",
            $"GET /v1/jobs/{id}",
            304,
            fields: [$"If-None-Match: {tag}"]
        );
        await story.AskAsync(
            "With `Prefer: wait` the poll is held until the job changes or ends. This one has ended, so it is answered at once. "
                + "Frames of running chunks come as a new version once a second at most. A tenant may have 100 held polls and streams "
                + "in each coordinator; more are answered at once, without `Preference-Applied`.",
            $"GET /v1/jobs/{id}",
            304,
            fields: [$"If-None-Match: {tag}", "Prefer: wait=30"]
        );
        await story.AskAsync(
            "What has happened to it, in order and without a gap; here the first two.",
            $"GET /v1/jobs/{id}/events?pageSize=2",
            200
        );
        await story.FollowAsync(
            "The same as it happens, as server-sent events. `Last-Event-ID` goes on behind an event that you have; one that is none "
                + "of this job's is answered with an event `reset` and all of them. The stream ends with the job; after it a 204 says not "
                + "to come again. Each stream ends after ten minutes: connect again.",
            $"GET /v1/jobs/{id}/events",
            ["Accept: text/event-stream", "Last-Event-ID: 4"],
            events: 2
        );
        await story.AskAsync("Which frames are whose work.", $"GET /v1/jobs/{id}/chunks", 200);
        await story.AskAsync("Every try at a chunk.", $"GET /v1/jobs/{id}/chunks/0/attempts", 200);
        await story.AskAsync(
            "One of them, with what its worker has reported: seconds by the clock, and CPU milliseconds by stage. Of one that failed, "
                + "`failure` says why.",
            $"GET /v1/jobs/{id}/chunks/0/attempts/1",
            200
        );
    }

    private static async Task ReadAsync(ApiStory story, string id)
    {
        story.Write("## Fetch what it has made");
        await story.AskAsync("Nothing is listed before the job has succeeded.", $"GET /v1/jobs/{id}/outputs", 200);
        await story.ExchangeBytesAsync(
            "The bytes, or a part of them: one range at a time, so several ranges get the whole. In a fleet with Azure Blob Storage "
                + "this is a 302 to a signed address that is good for five minutes.",
            $"GET /v1/jobs/{id}/outputs/result",
            206,
            fields: ["Range: bytes=0-1023"]
        );
    }
}
