using System.Reflection;
using System.Text;
using FaceFusion.Batch.Coordinator.Api.Problems;

namespace FaceFusion.Batch.EndToEnd.Tests.ApiPage;

/// <summary>What goes wrong, and the table of codes.</summary>
internal static class ProblemChapter
{
    public static async Task TellAsync(ApiStory story)
    {
        story.Write(
            "## Problems\n\nWhat is not met is answered as RFC 9457 says, as `application/problem+json`. `code` is for programs and "
                + "stays; `detail` says what it was this time and what to do; `retryable` says whether the same request may be met "
                + "later; `traceId` finds the request in logs and traces."
        );
        await story.AskAsync(
            "Fields that are wrong are pointed to (RFC 6901), all at once. Unknown, repeated and wrongly spelled fields are wrong.",
            "POST /v1/jobs",
            400,
            $$"""{"target":"{{story.Kept["target"]}}","recipe":{"processors":[{"processor":"debug"}] },"priority":101,"chunkFrames":0}"""
        );
        await story.AskAsync(
            "Without a good key nothing is told, not even what there is.",
            "GET /v1/jobs",
            401,
            fields: ["Authorization: Bearer ffb_0"]
        );
        await story.AskAsync(
            "What another tenant has is as little there as what nobody has.",
            $"GET /v1/jobs/job_{Guid.Empty:N}",
            404
        );
        await story.AskAsync("`Allow` says what there is.", "PUT /v1/jobs", 405);
        StringBuilder table = new(
            "| code | status | | the same request may be met later |\n| --- | --- | --- | --- |\n"
        );
        foreach (
            ProblemKind kind in typeof(ProblemKind)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(f => f.GetValue(null))
                .OfType<ProblemKind>()
                .OrderBy(k => k.Status)
                .ThenBy(k => k.Code, StringComparer.Ordinal)
        )
        {
            string retry = kind.IsRetryable ? "yes" : "";
            _ = table.Append($"| `{kind.Code}` | {kind.Status} | {kind.Title} | {retry} |\n");
        }

        story.Write(table.ToString().TrimEnd());
        story.Write(
            "Besides, media and recipes have codes of their own: what an upload holds is refused with a 422 (`UPLOAD_EMPTY`, "
                + "`DIGEST_MISMATCH`, `VIDEO_NOT_READABLE`, `VIDEO_NOT_ALLOWED`, `SOURCE_UNSUPPORTED`, …), a value of a recipe with a 400 "
                + "(`RECIPE_VALUE`, …). [openapi.json](openapi.json) lists the codes of each operation."
        );
    }
}
