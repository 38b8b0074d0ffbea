using System.Globalization;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Values;

namespace FaceFusion.Batch.Media.Probing;

/// <summary>Reads the fields of ffprobe's JSON, all of which may be missing.</summary>
internal static class ProbeJson
{
    public static string Text(JsonElement element, string name, string otherwise = "") =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() ?? otherwise
            : otherwise;

    public static int Integer(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind == JsonValueKind.Number
                ? value.GetInt32()
                : int.TryParse(value.GetString(), CultureInfo.InvariantCulture, out int number)
                    ? number
                    : 0
            : 0;

    public static double Real(JsonElement element, string name) =>
        double.TryParse(Text(element, name), CultureInfo.InvariantCulture, out double value) ? value : 0;

    /// <summary>"30000/1001" or "4:3"; <c>0/1</c> where there is none.</summary>
    public static Rational Ratio(JsonElement element, string name)
    {
        string[] parts = Text(element, name).Split('/', ':');
        return
            parts.Length == 2
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out int num)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int den)
            && den > 0
            ? new Rational(num, den)
            : new Rational(0, 1);
    }

    public static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : [];

    public static Dictionary<string, string> Tags(JsonElement element)
    {
        Dictionary<string, string> tags = [];
        if (element.TryGetProperty("tags", out JsonElement list) && list.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty tag in list.EnumerateObject())
            {
                tags[tag.Name.ToLowerInvariant()] = tag.Value.ToString();
            }
        }

        return tags;
    }

    /// <summary>Whether a disposition flag (<c>attached_pic</c>, …) is set.</summary>
    public static bool Disposition(JsonElement stream, string name) =>
        stream.TryGetProperty("disposition", out JsonElement flags) && Integer(flags, name) == 1;
}
