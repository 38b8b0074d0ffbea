using System.Text.Json;
using System.Text.RegularExpressions;
using FaceFusion.Batch.Contracts.Api;
using FaceFusion.Batch.Contracts.Api.Problems;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>Reads what clients send: every unknown, repeated or wrongly spelled field is an error, told by its place.</summary>
internal static partial class StrictJson
{
    /// <summary>Null: it cannot be taken, and <paramref name="wrong"/> says why.</summary>
    public static T? Parse<T>(ReadOnlySpan<byte> bytes, out FieldError? wrong)
        where T : class
    {
        wrong = null;
        try
        {
            T? value = JsonSerializer.Deserialize<T>(bytes, ApiJson.Requests);
            wrong = value is null ? new FieldError("", "It must not be null.") : null;
            return value;
        }
        catch (JsonException e)
        {
            wrong = new FieldError(PointerOf(e.Path), DetailOf(e));
        }
        catch (NotSupportedException e)
        {
            // A value that may be of several kinds does not say of which it is; where, only the message tells.
            string place = PointerOf(Place().Match(e.Message).Groups[1].Value);
            wrong = new FieldError(place, "It does not say of which kind it is.");
        }

        return null;
    }

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
