using System.Net.Http.Headers;
using System.Text.Json;
using FaceFusion.Batch.Contracts.Api;

namespace FaceFusion.Batch.Cli.Client;

/// <summary>One request, in a form that can be sent again.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">From the API's root, such as <c>v1/jobs</c>, with its query.</param>
internal sealed record ApiCall(HttpMethod Method, string Path)
{
    private const string MergePatch = "application/merge-patch+json";

    public ReadOnlyMemory<byte>? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Sent twice it does what it does once.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>How long its answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>For how long it is sent again, where it may be, before its failure counts.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    public static ApiCall Get(string path) => new(HttpMethod.Get, path) { IsRepeatable = true };

    /// <param name="path">What to do, or where to make something.</param>
    /// <param name="body">Null: none.</param>
    public static ApiCall Post<T>(string path, T body) =>
        new(HttpMethod.Post, path) { Body = JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Answers) };

    public static ApiCall Post(string path) => new(HttpMethod.Post, path);

    public static ApiCall Patch<T>(string path, T body) =>
        Post(path, body) with
        {
            Method = HttpMethod.Patch,
            ContentType = MergePatch,
        };

    public ApiCall With(string header, string value) =>
        this with
        {
            Headers = new Dictionary<string, string>(Headers) { [header] = value },
        };

    /// <summary>With the key the server does it once, however often it is sent.</summary>
    public ApiCall Once(string idempotencyKey) => With("Idempotency-Key", idempotencyKey) with { IsRepeatable = true };

    /// <param name="address">Where it goes.</param>
    public HttpRequestMessage ToMessage(Uri address)
    {
        HttpRequestMessage message = new(Method, address);
        if (Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        }

        foreach ((string name, string value) in Headers)
        {
            _ = message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }
}
