using System.Globalization;
using FaceFusion.Batch.Coordinator.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary>Versions in header fields (RFC 9110, section 13).</summary>
internal static class Preconditions
{
    private const int MostTurns = 64;

    /// <summary>The client has this version.</summary>
    public static bool HasSeen(HttpContext http, long version) => HasSeen(http, JobAnswers.TagOf(version));

    public static bool HasSeen(HttpContext http, string current) =>
        http.Request.Headers.IfNoneMatch.Any(header =>
            header is not null
            && header.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == current || tag == "*")
        );

    /// <summary>
    /// Changes the version that the client names; if any will do (<c>*</c>), the one that is there: whatever was faster in between, such
    /// as the job's own progress, is read again and no reason to refuse.
    /// </summary>
    /// <param name="find">Reads what is there.</param>
    /// <param name="change">Is given the version that it must have; null: the one that was read.</param>
    /// <exception cref="ProblemException">As of <see cref="Match"/> and of the two.</exception>
    public static async Task ChangeAsync<T>(HttpContext http, Func<Task<T>> find, Func<T, long?, Task> change)
    {
        for (int turn = 1; ; turn++)
        {
            T row = await find();
            long? version = Match(http);
            try
            {
                await change(row, version);
                return;
            }
            catch (ProblemException e) when (e.Kind == ProblemKind.Stale && version is null && turn < MostTurns)
            {
                // Somebody else was faster.
            }
        }
    }

    /// <summary>The version that the client means to change; null: whichever there is (<c>*</c>).</summary>
    /// <exception cref="ProblemException">428: it does not say; 412: it cannot be a version of ours.</exception>
    private static long? Match(HttpContext http)
    {
        string tag = http.Request.Headers.IfMatch.ToString();
        return tag switch
        {
            "" => throw new ProblemException(
                ProblemKind.MatchNeeded,
                "Send If-Match with the ETag that you have read."
            ),
            "*" => null,
            _ => long.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            && tag == JobAnswers.TagOf(version)
                ? version
                : throw new ProblemException(ProblemKind.Stale, "It has changed since that version: read it again."),
        };
    }
}
