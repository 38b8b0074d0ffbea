using System.Globalization;
using FaceFusion.Batch.Coordinator.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace FaceFusion.Batch.Coordinator.Api.Jobs;

/// <summary>Versions in header fields (RFC 9110, section 13).</summary>
internal static class Preconditions
{
    /// <summary>The client has this version.</summary>
    public static bool HasSeen(HttpContext http, long version) => HasSeen(http, JobAnswers.TagOf(version));

    public static bool HasSeen(HttpContext http, string current) =>
        http.Request.Headers.IfNoneMatch.Any(header =>
            header is not null
            && header.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == current || tag == "*")
        );

    /// <summary>The version that the client means to change; null: whichever there is (<c>*</c>).</summary>
    /// <exception cref="ProblemException">428: it does not say; 412: it cannot be a version of ours.</exception>
    public static long? Match(HttpContext http)
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
