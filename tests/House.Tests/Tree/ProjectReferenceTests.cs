using System.Xml.Linq;

namespace FaceFusion.Batch.House.Tests.Tree;

/// <summary>The rooms and who may know whom: the table of ARCHITECTURE.md.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["Imaging"] = [],
        ["Storage"] = [],
        ["Faces"] = ["Imaging", "Contracts"],
        ["Media"] = ["Imaging", "Contracts"],
        ["Hosting"] = ["Contracts"],
        ["Worker"] = ["Contracts", "Imaging", "Faces", "Media", "Storage", "Hosting"],
        ["Coordinator"] = ["Contracts", "Media", "Storage", "Hosting"],
        ["Cli"] = ["Contracts", "Imaging", "Faces", "Media", "Storage", "Hosting", "Worker", "Coordinator"],
    };

    private static readonly string[] Processes = ["Hosting", "Coordinator", "Worker", "Cli"];

    [Fact]
    public void Projects_OfSrc_AreTheKnownRooms() =>
        Assert.Equal(Allowed.Keys.Order(), Solution.Projects("src").Keys.Order());

    [Fact]
    public void References_OfEveryProject_StayInsideTheTable()
    {
        List<string> forbidden = [];
        foreach ((string name, XDocument project) in Solution.Projects("src"))
        {
            IEnumerable<string> referenced = Solution
                .Includes(project, "ProjectReference")
                .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
            forbidden.AddRange(referenced.Except(Allowed[name]).Select(other => $"{name} -> {other}"));
        }

        Assert.Empty(forbidden);
    }

    [Fact]
    public void Packages_OfBusDatabaseAndWeb_StayInTheProcesses()
    {
        List<string> forbidden = [];
        foreach ((string name, XDocument project) in Solution.Projects("src"))
        {
            if (!Processes.Contains(name))
            {
                forbidden.AddRange(ProcessPackages(project).Select(package => $"{name} -> {package}"));
            }
        }

        Assert.Empty(forbidden);
    }

    [Fact]
    public void Runtime_OfModels_IsKnownToFacesAlone()
    {
        IEnumerable<string> users = Solution
            .Projects("src")
            .Where(project =>
                Solution.Includes(project.Value, "PackageReference").Any(package => package.Contains("OnnxRuntime"))
            )
            .Select(project => project.Key);

        Assert.Equal(["Faces"], users);
    }

    [Fact]
    public void UnsafeBlocks_AreAllowedInImagingAlone()
    {
        IEnumerable<string> users = new[] { "src", "tools", "tests" }
            .SelectMany(folder => Solution.Projects(folder))
            .Where(project => project.Value.Descendants("AllowUnsafeBlocks").Any(value => value.Value == "true"))
            .Select(project => project.Key)
            .Order();

        Assert.All(users, user => Assert.True(user is "Imaging" or "Imaging.Tests" or "Benchmarks", user));
    }

    private static IEnumerable<string> ProcessPackages(XDocument project) =>
        Solution
            .Includes(project, "PackageReference")
            .Concat(Solution.Includes(project, "FrameworkReference"))
            .Where(package =>
                package.StartsWith("MassTransit", StringComparison.Ordinal)
                || package.Contains("EntityFrameworkCore")
                || package.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            );
}
