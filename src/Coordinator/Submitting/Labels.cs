using FaceFusion.Batch.Contracts.Api.Problems;

namespace FaceFusion.Batch.Coordinator.Submitting;

/// <summary>A job's labels between JSON and the row's text, in which a query finds one by its line.</summary>
internal static class Labels
{
    public const int Most = 16;

    /// <summary>A key or a value.</summary>
    public static bool IsWord(string text) =>
        text.Length is >= 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>The line that a label has in the row's text, with the breaks around it.</summary>
    public static string LineOf(string key, string value) => $"\n{key}={value}\n";

    /// <summary>Those whose key or value is none.</summary>
    /// <param name="labels">As the client sent them.</param>
    /// <param name="mayRemove">Null takes a label away; else it is wrong.</param>
    public static IEnumerable<FieldError> FindWrong(
        IEnumerable<KeyValuePair<string, string?>> labels,
        bool mayRemove = false
    ) =>
        labels
            .Where(label => !IsWord(label.Key) || !(label.Value is null ? mayRemove : IsWord(label.Value)))
            .Select(label => new FieldError(
                $"/labels/{(IsWord(label.Key) ? label.Key : "")}",
                "Keys and values are 1 to 64 of a-z, A-Z, 0-9, '.', '-' and '_'."
            ));

    public static string Write(IReadOnlyDictionary<string, string> labels) =>
        string.Concat(
            labels
                .OrderBy(l => l.Key, StringComparer.Ordinal)
                .Select((l, i) => i == 0 ? LineOf(l.Key, l.Value) : LineOf(l.Key, l.Value)[1..])
        );

    public static Dictionary<string, string> Read(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('='))
            .ToDictionary(parts => parts[0], parts => parts[1]);
}
