using System.Text.Json.Nodes;

namespace FaceFusion.Batch.Coordinator.Tests.Support;

/// <summary>Places in a JSON text by their pointers, and the text with one of them changed.</summary>
internal static class JsonPlaces
{
    /// <summary>Where texts are that fit.</summary>
    public static string[] Where(string json, Func<string, bool> fits) =>
        [
            .. All(json)
                .Where(p => p.Node is JsonValue value && value.TryGetValue(out string? text) && fits(text))
                .Select(p => p.Pointer),
        ];

    /// <summary>Every value but the whole, the outer ones first.</summary>
    public static IReadOnlyList<(string Pointer, JsonNode Node)> All(string json)
    {
        List<(string, JsonNode)> all = [];
        Walk("", JsonNode.Parse(json)!, all);
        return all;
    }

    /// <summary>The text with <paramref name="raw"/> at a place, which need not be JSON.</summary>
    public static string With(string json, string pointer, string raw)
    {
        const string Mark = "\"@here@\"";
        JsonNode root = JsonNode.Parse(json)!;
        (JsonNode parent, string name) = Parent(root, pointer);
        if (parent is JsonArray array)
        {
            array[int.Parse(name)] = "@here@";
        }
        else
        {
            parent.AsObject()[name] = "@here@";
        }

        return root.ToJsonString().Replace(Mark, raw, StringComparison.Ordinal);
    }

    /// <summary>The text with a field called otherwise, in its place.</summary>
    public static string Renamed(string json, string pointer, string name)
    {
        JsonNode root = JsonNode.Parse(json)!;
        (JsonNode parent, string old) = Parent(root, pointer);
        JsonObject whole = parent.AsObject();
        KeyValuePair<string, JsonNode?>[] fields = [.. whole];
        whole.Clear();
        foreach ((string key, JsonNode? value) in fields)
        {
            whole.Add(key == old ? name : key, value);
        }

        return root.ToJsonString();
    }

    private static (JsonNode Parent, string Name) Parent(JsonNode root, string pointer)
    {
        string[] steps = pointer.Split('/')[1..];
        JsonNode parent = root;
        foreach (string step in steps[..^1])
        {
            parent = (parent is JsonArray array ? array[int.Parse(step)] : parent[step])!;
        }

        return (parent, steps[^1]);
    }

    private static void Walk(string at, JsonNode node, List<(string, JsonNode)> all)
    {
        IEnumerable<(string Name, JsonNode? Node)> inner = node switch
        {
            JsonObject whole => whole.Select(f => (f.Key, f.Value)),
            JsonArray array => array.Select((item, i) => ($"{i}", item)),
            _ => [],
        };
        foreach ((string name, JsonNode? child) in inner)
        {
            all.Add(($"{at}/{name}", child!));
            Walk($"{at}/{name}", child!, all);
        }
    }
}
