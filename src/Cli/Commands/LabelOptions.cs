using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>Labels on the command line: <c>KEY=VALUE</c>.</summary>
internal static class LabelOptions
{
    /// <exception cref="InvalidRecipeException">One has another form, or a key is there twice.</exception>
    public static Dictionary<string, string> Read(string[]? given)
    {
        Dictionary<string, string> labels = [];
        foreach (string label in given ?? [])
        {
            string[] parts = label.Split('=', 2);
            if (parts.Length != 2 || !parts.All(IsWord))
            {
                throw Setting.Wrong(
                    $"--label {label} is not KEY=VALUE with 1 to 64 of a-z, A-Z, 0-9, '.', '-' and '_' on each side."
                );
            }

            if (!labels.TryAdd(parts[0], parts[1]))
            {
                throw Setting.Wrong($"--label {parts[0]} is there twice.");
            }
        }

        return labels;
    }

    private static bool IsWord(string text) =>
        text.Length is >= 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
