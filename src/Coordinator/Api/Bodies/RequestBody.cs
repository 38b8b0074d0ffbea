using System.Text.Json;
using System.Text.RegularExpressions;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Coordinator.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FaceFusion.Batch.Coordinator.Api.Bodies;

/// <summary>A request's body: as it came, and what it says.</summary>
internal sealed record RequestBody<T>(byte[] Bytes, T Value);

internal static partial class RequestBody
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
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, ApiJson.Requests) ?? throw Wrong("", "It must not be null.");
        }
        catch (JsonException e)
        {
            throw Wrong(PointerOf(e.Path), DetailOf(e));
        }
        catch (NotSupportedException e)
        {
            // A value that may be of several kinds does not say of which it is; where, only the message tells.
            throw Wrong(PointerOf(Place().Match(e.Message).Groups[1].Value), "It does not say of which kind it is.");
        }
    }

    private static ProblemException Wrong(string pointer, string detail) =>
        new(ProblemKind.InvalidRequest, $"The body cannot be taken: {detail}")
        {
            Errors = [new FieldError(pointer, detail)],
        };

    /// <summary>The library speaks of .NET types where a client wants to know the field.</summary>
    private static string DetailOf(JsonException e)
    {
        const string Lacks = "missing required properties including: ";
        int lacking = e.Message.IndexOf(Lacks, StringComparison.Ordinal);
        return lacking switch
        {
            >= 0 => $"It lacks {e.Message[(lacking + Lacks.Length)..].Split('.')[0]}.",
            _ when e.Message.Contains("could not be mapped", StringComparison.Ordinal) => "The field is not known.",
            _ when e.Message.Contains("Duplicate property", StringComparison.Ordinal) => "The field is there twice.",
            _ => $"It cannot be understood in line {(e.LineNumber ?? 0) + 1}.",
        };
    }

    [GeneratedRegex(@"Path: (\$\S*)")]
    private static partial Regex Place();

    private static string PointerOf(string? path) =>
        (path ?? "$")
            .TrimStart('$')
            .Replace("['", "/", StringComparison.Ordinal)
            .Replace("']", "", StringComparison.Ordinal)
            .Replace('.', '/')
            .Replace('[', '/')
            .Replace("]", "", StringComparison.Ordinal);
}
