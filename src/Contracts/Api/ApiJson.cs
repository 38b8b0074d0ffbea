using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceFusion.Batch.Contracts.Api;

/// <summary>How the HTTP API writes and reads JSON.</summary>
public static class ApiJson
{
    /// <summary>Both directions: camelCase, enums UPPER_SNAKE, nulls left out.</summary>
    public static JsonSerializerOptions Answers { get; } = Made(isStrict: false);

    /// <summary>What a client sends: besides, every unknown, repeated or wrongly spelled field is an error.</summary>
    public static JsonSerializerOptions Requests { get; } = Made(isStrict: true);

    private static JsonSerializerOptions Made(bool isStrict)
    {
        JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            MaxDepth = 32,
            AllowDuplicateProperties = !isStrict,
            UnmappedMemberHandling = isStrict ? JsonUnmappedMemberHandling.Disallow : JsonUnmappedMemberHandling.Skip,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false));
        if (isStrict)
        {
            options.Converters.Add(new PlainNumber<int>(NumberStyles.AllowLeadingSign));
            options.Converters.Add(new PlainNumber<long>(NumberStyles.AllowLeadingSign));
            options.Converters.Add(new PlainNumber<double>(NumberStyles.Float));
        }

        return options;
    }
}
