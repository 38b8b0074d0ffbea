using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>A number for each of R, G and B; in JSON one number where they are the same, else three in a list.</summary>
[JsonConverter(typeof(PerChannelJson))]
public readonly record struct PerChannel(float R, float G, float B)
{
    public PerChannel(float all)
        : this(all, all, all) { }
}

internal sealed class PerChannelJson : JsonConverter<PerChannel>
{
    public override PerChannel Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return new PerChannel(reader.GetSingle());
        }

        float[]? three = JsonSerializer.Deserialize<float[]>(ref reader, options);
        return three is { Length: 3 }
            ? new PerChannel(three[0], three[1], three[2])
            : throw new JsonException("A number, or a list of three, is due.");
    }

    public override void Write(Utf8JsonWriter writer, PerChannel value, JsonSerializerOptions options)
    {
        if (value.R == value.G && value.G == value.B)
        {
            writer.WriteNumberValue(value.R);
        }
        else
        {
            JsonSerializer.Serialize(writer, new[] { value.R, value.G, value.B }, options);
        }
    }
}
