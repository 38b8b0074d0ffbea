using System.IO.Enumeration;

namespace FaceFusion.Batch.Cli.Commands.Batches;

/// <summary>Files by patterns that the shell has left alone: <c>*</c> and <c>?</c> within a name, <c>**</c> for any folders.</summary>
internal static class Globs
{
    /// <summary>In order of their names; a path without a pattern is itself.</summary>
    public static IEnumerable<string> Expand(string pattern)
    {
        string[] parts = pattern.Split('/', '\\');
        int plain = Array.FindIndex(parts, part => part.AsSpan().IndexOfAny('*', '?') >= 0);
        if (plain < 0)
        {
            return [pattern];
        }

        string start = string.Join('/', parts[..plain]);
        string folder =
            start.Length > 0 ? start
            : pattern.StartsWith('/') ? "/"
            : ".";
        return Directory.Exists(folder) ? Find(folder, parts.AsMemory(plain)).Order(StringComparer.Ordinal) : [];
    }

    private static IEnumerable<string> Find(string folder, ReadOnlyMemory<string> parts)
    {
        string name = parts.Span[0];
        ReadOnlyMemory<string> rest = parts[1..];
        if (name == "**")
        {
            IEnumerable<string> here = rest.Length > 0 ? Find(folder, rest) : Directory.EnumerateFiles(folder);
            // A link may lead back to where it stands.
            IEnumerable<string> below = new DirectoryInfo(folder)
                .EnumerateDirectories()
                .Where(d => d.LinkTarget is null)
                .SelectMany(d => Find(Path.Combine(folder, d.Name), parts));
            return here.Concat(below);
        }

        IEnumerable<string> fits = (
            rest.Length > 0 ? Directory.EnumerateDirectories(folder) : Directory.EnumerateFiles(folder)
        ).Where(path => FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(path), ignoreCase: false));
        return rest.Length > 0 ? fits.SelectMany(path => Find(path, rest)) : fits;
    }
}
