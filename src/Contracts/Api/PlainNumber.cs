using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceFusion.Batch.Contracts.Api;

/// <summary>
/// Numbers as clients must write them: finite, and zero without a sign. The library takes 1e999 for infinity and keeps the sign of
/// -0, with which the same recipe would not be the same.
/// </summary>
internal sealed class PlainNumber<T>(NumberStyles style) : JsonConverter<T>
    where T : struct, INumber<T>
{
    /// <exception cref="JsonException">It is not such a number; the library adds where.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? Parse(reader.ValueSpan) : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.ToString(null, CultureInfo.InvariantCulture));

    public override T ReadAsPropertyName(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => Parse(reader.ValueSpan);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString(null, CultureInfo.InvariantCulture));

    private T Parse(ReadOnlySpan<byte> text) =>
        T.TryParse(text, style, CultureInfo.InvariantCulture, out T value)
        && T.IsFinite(value)
        && !(T.IsZero(value) && text[0] == '-')
            ? value
            : throw new JsonException();
}
