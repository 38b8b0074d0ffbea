using System.Text.RegularExpressions;

namespace FaceFusion.Batch.Deploy.Tests.Variables;

/// <summary>The variables that the processes read, as their sources declare them.</summary>
internal static partial class Declarations
{
    /// <summary>Of the options of a process: <c>coordinator</c> or <c>worker</c>.</summary>
    public static IReadOnlySet<string> OfOptions(string process)
    {
        string options = Read("FleetOptions.cs");
        Dictionary<string, string> variables = Property()
            .Matches(options)
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["variable"].Value);
        // The one that is made in a method of its own.
        variables["Device"] = "FFB_DEVICE";
        string settings = Settings()
            .Match(Read(process == "coordinator" ? "CoordinatorProcess.cs" : "WorkerProcess.cs"))
            .Groups["list"]
            .Value;
        return Option().Matches(settings).Select(match => variables[match.Groups["name"].Value]).ToHashSet();
    }

    /// <summary>Of all variables of ours that the product's sources name, in whichever room.</summary>
    public static IReadOnlySet<string> All { get; } =
        Directory
            .EnumerateFiles(Tree.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Variable().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["variable"].Value)
            .ToHashSet();

    private static string Read(string file) => File.ReadAllText(Tree.PathOf("src", "Cli", "Fleet", file));

    [GeneratedRegex(
        "public static Setting (?<name>\\w+) \\{ get; \\} =\\s*new\\(\\s*\"[^\"]*\",\\s*\"(?<variable>FFB_[A-Z_]+)\""
    )]
    private static partial Regex Property();

    [GeneratedRegex(@"Settings \{ get; \} =\s*\[(?<list>[^\]]*)\]")]
    private static partial Regex Settings();

    [GeneratedRegex(@"FleetOptions\.(?<name>\w+),")]
    private static partial Regex Option();

    [GeneratedRegex("\"(?<variable>FFB_[A-Z_]+)\"")]
    private static partial Regex Variable();
}
