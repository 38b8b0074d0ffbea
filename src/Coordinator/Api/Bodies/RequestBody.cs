using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Coordinator.Api.Problems;
using FaceFusion.Batch.Coordinator.Submitting;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FaceFusion.Batch.Coordinator.Api.Bodies;

/// <summary>A request's body: as it came, and what it says.</summary>
internal sealed record RequestBody<T>(byte[] Bytes, T Value);

internal static class RequestBody
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";

    /// <exception cref="ProblemException">Not JSON in UTF-8, an unknown or repeated field, or one of the wrong kind.</exception>
    public static async Task<RequestBody<T>> ReadAsync<T>(HttpContext http, params string[] types)
        where T : class
    {
        Check(http.Request.ContentType, types.Length == 0 ? [Json] : types);
        byte[] bytes = await ReadAllAsync(http);
        return new RequestBody<T>(bytes, Parse<T>(bytes));
    }

    /// <summary>The same where the body may be left out; then it is what <typeparamref name="T"/> is by default.</summary>
    public static async Task<RequestBody<T>> ReadOptionalAsync<T>(HttpContext http)
        where T : class, new() =>
        http.Request.ContentType is null && http.Request.ContentLength is null or 0
            ? new RequestBody<T>([], new T())
            : await ReadAsync<T>(http);

    private static void Check(string? contentType, string[] types)
    {
        bool fits =
            MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? sent)
            && types.Contains(sent.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            && (sent.Charset.Length == 0 || sent.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!fits)
        {
            throw new ProblemException(ProblemKind.MediaType, $"Send {string.Join(" or ", types)} in UTF-8.");
        }
    }

    private static async Task<byte[]> ReadAllAsync(HttpContext http)
    {
        using MemoryStream whole = new();
        await http.Request.Body.CopyToAsync(whole, http.RequestAborted);
        return whole.ToArray();
    }

    private static T Parse<T>(byte[] bytes)
        where T : class =>
        StrictJson.Parse<T>(bytes, out FieldError? wrong)
        ?? throw new ProblemException(ProblemKind.InvalidRequest, $"The body cannot be taken: {wrong!.Detail}")
        {
            Errors = [wrong],
        };
}
