using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace FaceFusion.Batch.ModelPack.Packages;

/// <summary>The files of an npm package whose integrity <c>eng/npm.sh</c> has checked against <c>eng/npm-packages.txt</c>.</summary>
public sealed class NpmPackage
{
    private readonly Dictionary<string, byte[]> _files = [];

    private NpmPackage(string name, string tarball)
    {
        Name = name;
        using FileStream file = File.OpenRead(tarball);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var archive = new TarReader(unzipped);
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } content)
            {
                byte[] bytes = new byte[entry.Length];
                content.ReadExactly(bytes);
                _files[entry.Name["package/".Length..]] = bytes;
            }
        }

        using var description = JsonDocument.Parse(Read("package.json"));
        Version = description.RootElement.GetProperty("version").GetString() ?? "";
        Licence = description.RootElement.GetProperty("license").GetString() ?? "";
    }

    public string Name { get; }

    public string Version { get; }

    /// <summary>What the package's description states; nothing more is known.</summary>
    public string Licence { get; }

    /// <param name="root">The folder of the solution.</param>
    /// <param name="name">A package that <c>eng/npm-packages.txt</c> names.</param>
    /// <exception cref="InvalidOperationException">The package could not be fetched; the script has said why on stderr.</exception>
    public static NpmPackage Fetch(string root, string name)
    {
        var start = new ProcessStartInfo(Path.Combine(root, "eng", "npm.sh")) { RedirectStandardOutput = true };
        start.ArgumentList.Add(name);
        using Process script =
            Process.Start(start) ?? throw new InvalidOperationException("eng/npm.sh could not be started.");
        string tarball = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        return script.ExitCode == 0
            ? new NpmPackage(name, tarball)
            : throw new InvalidOperationException($"The package {name} could not be fetched.");
    }

    /// <exception cref="FileNotFoundException">The package holds no such file.</exception>
    public byte[] Read(string path) =>
        _files.TryGetValue(path, out byte[]? content)
            ? content
            : throw new FileNotFoundException($"The package {Name} holds no file {path}.");
}
