using System.Text.Json;

namespace FaceFusion.Batch.EndToEnd.Tests.ApiPage;

/// <summary>Many jobs with one request.</summary>
internal static class BatchChapter
{
    public static async Task TellAsync(ApiStory story)
    {
        story.Write("## Batches");
        string target = story.Kept["target"];
        string defaults =
            $$"""{"target":"{{target}}","kind":"SCAN","recipe":{"processors":[{"processor":"redact"}] } }""";
        await story.AskAsync(
            "Ask for many jobs at once: up to 100,000 rows in a manifest (JSONL or CSV, brought as an upload with the purpose "
                + "`MANIFEST` and named as `manifestUpload`), or a few rows in the request. A row has the fields of a job, the batch's "
                + "`defaults` where it has none, and an `id`: the same row of a later batch is the same job. With `validateOnly=true` "
                + "nothing is made. All errors are listed at once.",
            "POST /v1/batches?validateOnly=true",
            200,
            $$"""{"defaults":{{defaults}},"rows":[{"id":"row-1"},{"id":"row-2","priority":101},{"id":"row-1"}]}"""
        );
        JsonElement batch = await story.AskAsync(
            "Where a row has errors nothing is submitted, unless you say `\"onRowError\":\"CONTINUE\"`.",
            "POST /v1/batches",
            202,
            $$"""{"defaults":{{defaults}},"rows":[{"id":"row-1"},{"id":"row-2","labels":{"scene":"two"} }] }"""
        );
        string url = $"/v1/batches/{batch.GetProperty("id").GetString()}";
        while ((await story.AskQuietlyAsync($"GET {url}")).GetProperty("state").GetString() != "SUCCEEDED")
        {
            await Task.Delay(100);
        }

        await story.AskAsync("How far it is; also with `If-None-Match`.", $"GET {url}", 200);
        await story.AskAsync("What became of each row.", $"GET {url}/rows", 200, rows: 1);
        await story.AskAsync(
            "`:cancel` cancels all its open jobs, `:retryFailed` takes up those that failed. One that is over is not cancelled.",
            $"POST {url}:cancel",
            409
        );
    }
}
