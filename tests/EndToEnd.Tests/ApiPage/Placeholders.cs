using System.Text.RegularExpressions;

namespace FaceFusion.Batch.EndToEnd.Tests.ApiPage;

/// <summary>What is another in each run, or nobody's business, becomes the same words each time.</summary>
internal static partial class Placeholders
{
    public static string Replace(string page)
    {
        page = Id().Replace(page, Numbered(page, Id(), (kind, number) => $"{kind}_{number}"));
        page = Hash().Replace(page, Numbered(page, Hash(), (_, number) => $"sha256-{number}"));
        page = Time().Replace(page, "2026-01-01T12:00:00Z");
        page = Trace().Replace(page, "$1…");
        page = Secret().Replace(page, "whsec_…");
        page = Token().Replace(page, "$1TOKEN");
        return Digest().Replace(page, "sha-256=:…:");
    }

    /// <summary>The same thing has the same number wherever it stands, in the order in which things appear.</summary>
    private static MatchEvaluator Numbered(string page, Regex things, Func<string, int, string> name)
    {
        Dictionary<string, string> names = [];
        Dictionary<string, int> counts = [];
        foreach (Match match in things.Matches(page))
        {
            string kind = match.Groups["kind"].Value;
            if (!names.ContainsKey(match.Value))
            {
                counts[kind] = counts.GetValueOrDefault(kind) + 1;
                names[match.Value] = name(kind, counts[kind]);
            }
        }

        return match => names[match.Value];
    }

    [GeneratedRegex(@"\b(?<kind>[a-z]{3})_[0-9a-f]{32}\b")]
    private static partial Regex Id();

    [GeneratedRegex(@"\b[0-9a-f]{64}\b")]
    private static partial Regex Hash();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")]
    private static partial Regex Time();

    [GeneratedRegex("(\"traceId\": \")[^\"]+")]
    private static partial Regex Trace();

    [GeneratedRegex("(pageToken=|\"nextPageToken\": \")[A-Za-z0-9_-]{20,}")]
    private static partial Regex Token();

    [GeneratedRegex("whsec_[A-Za-z0-9+/=]+")]
    private static partial Regex Secret();

    [GeneratedRegex("sha-256=:[^:]+:")]
    private static partial Regex Digest();
}
