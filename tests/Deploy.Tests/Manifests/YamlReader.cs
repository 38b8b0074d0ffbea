using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FaceFusion.Batch.Deploy.Tests.Manifests;

/// <summary>YAML as the JSON that an API server makes of it.</summary>
internal static class YamlReader
{
    /// <summary>The documents of a stream, without the empty ones.</summary>
    public static List<JsonObject> Read(string text)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => Convert(document.RootNode)).OfType<JsonObject>()];
    }

    private static JsonNode? Convert(YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => new JsonObject(
                mapping.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value ?? "", Convert(pair.Value)))
            ),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Select(Convert)]),
            YamlScalarNode scalar => Convert(scalar),
            _ => throw new InvalidOperationException($"{node.NodeType} is no part of a manifest."),
        };

    // What stands in quotes is text, whatever it looks like.
    private static JsonValue? Convert(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        return scalar.Style != ScalarStyle.Plain ? JsonValue.Create(text)
            : text is "" or "null" or "~" ? null
            : text is "true" or "false" ? JsonValue.Create(text == "true")
            : long.TryParse(text, CultureInfo.InvariantCulture, out long whole) ? JsonValue.Create(whole)
            : JsonValue.Create(text);
    }
}
