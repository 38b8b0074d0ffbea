using System.CommandLine;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;
using FaceFusion.Batch.Coordinator;

namespace FaceFusion.Batch.Cli.Fleet;

/// <summary>What a Coordinator takes results to be for, as <see cref="FleetOptions.Usage"/> says it.</summary>
internal static class UsageSetting
{
    /// <exception cref="InvalidRecipeException"><c>usage</c>: it has another form.</exception>
    public static CoordinatorOptions Apply(ParseResult parsed, CoordinatorOptions options) =>
        Apply(FleetOptions.Usage.Read(parsed), options);

    internal static CoordinatorOptions Apply(string? text, CoordinatorOptions options)
    {
        LicenceUsage all = LicenceUsage.Unspecified;
        Dictionary<string, LicenceUsage> tenants = [];
        foreach (string entry in text?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            string[] parts = entry.Split('=', 2);
            LicenceUsage usage = LicenceUsages.Find(parts[^1]) is { } found and not LicenceUsage.Unspecified
                ? found
                : throw Setting.Wrong(
                    $"--usage (FFB_USAGE) {entry} must be {string.Join(" or ", LicenceUsages.Declarable)}, or TENANT=USE."
                );
            if (parts.Length == 1)
            {
                all = usage;
            }
            else
            {
                tenants[parts[0]] = usage;
            }
        }

        return options with
        {
            Usage = all,
            TenantUsages = tenants,
        };
    }
}
