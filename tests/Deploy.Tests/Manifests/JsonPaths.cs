using System.Text.Json.Nodes;

namespace FaceFusion.Batch.Deploy.Tests.Manifests;

/// <summary>Ways into an object: null, or nothing, where a step is missing.</summary>
internal static class JsonPaths
{
    public static string Kind(this JsonObject one) => one.Text("kind") ?? "";

    public static string Name(this JsonObject one) => one.Text("metadata.name") ?? "";

    /// <summary>The node at a path of names with dots between them.</summary>
    public static JsonNode? At(this JsonNode? node, string path) =>
        path.Split('.').Aggregate(node, (at, step) => (at as JsonObject)?[step]);

    /// <summary>A value as text, whatever its type.</summary>
    public static string? Text(this JsonNode? node, string path) => node.At(path)?.ToString();

    public static bool Is(this JsonNode? node, string path, bool expected) =>
        node.At(path) is JsonValue value && value.TryGetValue(out bool actual) && actual == expected;

    public static long? Number(this JsonNode? node, string path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out long number) ? number : null;

    /// <summary>The objects of a list.</summary>
    public static IEnumerable<JsonObject> Each(this JsonNode? node, string path) =>
        node.At(path) is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>The names and values of an object, values as text.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Pairs(this JsonNode? node, string path) =>
        node.At(path) is JsonObject map
            ? map.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.ToString() ?? ""))
            : [];

    /// <summary>Every value below a node that is text.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node) =>
        node switch
        {
            JsonObject map => map.SelectMany(pair => Texts(pair.Value)),
            JsonArray list => list.SelectMany(Texts),
            JsonValue value when value.TryGetValue(out string? text) => [text],
            _ => [],
        };
}
