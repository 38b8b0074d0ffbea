using System.Text.Json;

namespace FaceFusion.Batch.EndToEnd.Tests.ApiPage;

/// <summary>Addresses that are told of what happens.</summary>
internal static class WebhookChapter
{
    public static async Task TellAsync(ApiStory story)
    {
        story.Write("## Webhooks");
        JsonElement webhook = await story.AskAsync(
            "Have an address told of events: `job.state_changed`, `job.completed` or `batch.completed`. It must be https and public; any "
                + "other is a 422. The secret is in this answer and in no other: it signs what is sent, as Standard Webhooks says "
                + "(`webhook-id`, `webhook-timestamp`, `webhook-signature`). Keys need the scope `webhooks`.",
            "POST /v1/webhooks",
            201,
            """{"url":"https://example.org/hook","events":["job.completed"],"label":"our site"}"""
        );
        string url = $"/v1/webhooks/{webhook.GetProperty("id").GetString()}";
        await story.AskAsync("Try it out: an event `webhook.test` is sent now.", $"POST {url}:test", 202);
        await story.AskAsync(
            "Make another secret. The old one goes on signing beside it for the hours that you say.",
            $"POST {url}:rotateSecret",
            201,
            """{"keepHours":1}"""
        );
        await story.AskAsync(
            "Switch it off. What is on its way counts as failed; `:replay` of a delivery sends it again once it is on.",
            $"PATCH {url}",
            200,
            """{"enabled":false}""",
            ["If-Match: *"]
        );
        await story.AskAsync(
            "What was sent, and what came of it; each delivery's own address has its body and every attempt.",
            $"GET {url}/deliveries",
            200
        );
        await story.AskAsync("Forget it.", $"DELETE {url}", 204, fields: ["If-Match: *"]);
    }
}
