using System.Xml.Linq;

namespace FaceFusion.Batch.House.Tests.Tree;

/// <summary>The tree that these tests read: found upwards from the running program.</summary>
internal static class Solution
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Every C# file of ours below the folders, as paths from the root with forward slashes.</summary>
    public static IReadOnlyList<string> SourceFiles(params string[] folders) =>
        [
            .. folders
                .Select(folder => PathOf(folder))
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
                .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
                .Where(path => !path.Contains("/bin/") && !path.Contains("/obj/"))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The projects of a folder: name → file.</summary>
    public static IReadOnlyDictionary<string, XDocument> Projects(string folder) =>
        Directory
            .EnumerateFiles(PathOf(folder), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), XDocument.Load);

    /// <summary>The values of an element's Include in a project, for example ProjectReference.</summary>
    public static IReadOnlyList<string> Includes(XDocument project, string element) =>
        [.. project.Descendants(element).Select(reference => (string?)reference.Attribute("Include") ?? "")];

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FaceFusion.Batch.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder from {AppContext.BaseDirectory} upwards holds the solution.");
    }
}
