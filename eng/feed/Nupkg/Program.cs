// Usage: Nupkg FOLDER FILE.nupkg
// Packs a folder that holds a .nuspec into a NuGet package whose bytes depend on the files alone:
// names in ordinal order, one fixed timestamp, no owner or mode.
using System.IO.Compression;
using System.Text;

string folder = Path.GetFullPath(args[0]);
var timestamp = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
string nuspec = Path.GetFileName(Directory.GetFiles(folder, "*.nuspec").Single());

using FileStream output = File.Create(args[1]);
using var package = new ZipArchive(output, ZipArchiveMode.Create);

Add("[Content_Types].xml", Encoding.UTF8.GetBytes(ContentTypes()));
Add(
    "_rels/.rels",
    Encoding.UTF8.GetBytes(
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
          <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/{nuspec}" Id="R0" />
        </Relationships>
        """
    )
);
foreach (string name in Names())
{
    Add(name, File.ReadAllBytes(Path.Combine(folder, name)));
}

IEnumerable<string> Names() =>
    Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

string ContentTypes()
{
    var text = new StringBuilder();
    text.Append("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    text.Append("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\n");
    text.Append(
        "  <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\" />\n"
    );
    foreach (string extension in Names().Select(Path.GetExtension).Where(e => e is { Length: > 1 }).Distinct()!)
    {
        text.Append($"  <Default Extension=\"{extension[1..]}\" ContentType=\"application/octet\" />\n");
    }
    foreach (string name in Names().Where(name => Path.GetExtension(name).Length == 0))
    {
        text.Append($"  <Override PartName=\"/{name}\" ContentType=\"application/octet\" />\n");
    }
    return text.Append("</Types>\n").ToString();
}

void Add(string name, byte[] content)
{
    ZipArchiveEntry entry = package.CreateEntry(name, CompressionLevel.Optimal);
    entry.LastWriteTime = timestamp;
    entry.ExternalAttributes = 0;
    using Stream stream = entry.Open();
    stream.Write(content);
}
