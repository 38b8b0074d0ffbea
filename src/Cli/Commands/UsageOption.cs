using System.CommandLine;
using FaceFusion.Batch.Cli.Fleet;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;

namespace FaceFusion.Batch.Cli.Commands;

/// <summary>What results are for, as the user declares it.</summary>
internal static class UsageOption
{
    public static Setting Usage { get; } =
        new(
            "--usage",
            "FFB_USAGE",
            "commercial|non-commercial",
            "What the result is for; commercial refuses models whose licences forbid it (default: undeclared, licences are shown)"
        );

    /// <summary>The variable may also hold what a fleet takes for single tenants; that is not about this command.</summary>
    /// <exception cref="InvalidRecipeException"><c>usage</c>: it is none.</exception>
    public static LicenceUsage Read(ParseResult parsed)
    {
        string? text = Usage.Read(parsed);
        return parsed.GetValue(Usage.Option) is { Length: > 0 }
            ? Parse(text)
            : Parse(text?.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(part => !part.Contains('=')));
    }

    private static LicenceUsage Parse(string? text) =>
        LicenceUsages.Find(text)
        ?? throw Setting.Wrong($"--usage (FFB_USAGE) must be {string.Join(" or ", LicenceUsages.Declarable)}.");
}
