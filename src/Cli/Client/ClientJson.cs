using System.Text.Json;
using System.Text.Json.Serialization;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Batches;
using FaceFusion.Batch.Contracts.Api.Jobs;
using FaceFusion.Batch.Contracts.Api.Webhooks;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>How answers are read: a server may be newer, and have fields and states that this program does not know.</summary>
internal static class ClientJson
{
    public static JsonSerializerOptions Options { get; } = Made();

    private static JsonSerializerOptions Made()
    {
        JsonSerializerOptions options = new(ApiJson.Answers);
        options.Converters.Insert(0, new LenientEnum<JobStep>(JobStep.Running));
        options.Converters.Insert(0, new LenientEnum<BatchStep>(BatchStep.Running));
        options.Converters.Insert(0, new LenientEnum<ChunkStep>(ChunkStep.Running));
        options.Converters.Insert(0, new LenientEnum<DeliveryStep>(DeliveryStep.Pending));
        options.Converters.Insert(0, new LenientEnum<WebhookStopReason>(WebhookStopReason.Asked));
        return options;
    }

    /// <summary>Takes a value that it does not know for <paramref name="otherwise"/>.</summary>
    private sealed class LenientEnum<T>(T otherwise) : JsonConverter<T>
        where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ValueOf(reader.GetString() ?? "");

        public override T ReadAsPropertyName(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => ValueOf(reader.GetString() ?? "");

        private T ValueOf(string text)
        {
            foreach (T value in Enum.GetValues<T>())
            {
                if (NameOf(value) == text)
                {
                    return value;
                }
            }

            return otherwise;
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(NameOf(value));

        private static string NameOf(T value) => JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{value}");
    }
}
