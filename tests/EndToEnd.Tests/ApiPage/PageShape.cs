using System.Text.Json;
using System.Text.RegularExpressions;

namespace FaceFusion.Batch.EndToEnd.Tests.ApiPage;

/// <summary>
/// What of the page must be as in the run before: its words, every exchange with its status and header fields, and the names of all
/// JSON fields. Numbers and states may be others.
/// </summary>
internal static partial class PageShape
{
    /// <summary>Fields that are there or not by how far a delivery to nobody has come.</summary>
    private static readonly string[] Chance = ["failingSince", "lastStatus", "lastError", "nextAttemptTime", "endTime"];

    public static string Of(string page)
    {
        List<string> lines = [];
        SortedSet<string> fields = new(StringComparer.Ordinal);
        foreach (string part in Block().Split(page))
        {
            if (!part.StartsWith("```http\n", StringComparison.Ordinal))
            {
                lines.AddRange(part.Split('\n'));
                continue;
            }

            string[] block = part[8..^3].Split("\n\n", 2);
            string[] head = block[0].TrimEnd().Split('\n');
            lines.Add(head[0]);
            lines.AddRange(head.Skip(1).Select(field => field.Split(':')[0]));
            if (block.Length > 1)
            {
                Add(block[1].Trim(), fields);
            }
        }

        return string.Join('\n', [.. lines, .. fields]);
    }

    private static void Add(string body, SortedSet<string> fields)
    {
        if (body.StartsWith('{'))
        {
            Walk("", JsonSerializer.Deserialize<JsonElement>(body), fields);
            return;
        }

        foreach (string line in body.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)))
        {
            Walk("data", JsonSerializer.Deserialize<JsonElement>(line[6..]), fields);
        }
    }

    private static void Walk(string at, JsonElement value, SortedSet<string> fields)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty field in value.EnumerateObject().Where(f => !Chance.Contains(f.Name)))
            {
                _ = fields.Add($"{at}.{field.Name}");
                Walk($"{at}.{field.Name}", field.Value, fields);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray())
            {
                Walk($"{at}[]", item, fields);
            }
        }
    }

    [GeneratedRegex("(```http\n.*?```)", RegexOptions.Singleline)]
    private static partial Regex Block();
}
