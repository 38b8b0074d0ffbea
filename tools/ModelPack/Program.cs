using FaceFusion.Batch.ModelPack.Building;

if (args is not ["build", "--out", var folder])
{
    Console.Error.WriteLine("usage: ModelPack build --out FOLDER");
    return 2;
}

try
{
    string root = SolutionFolder.Find(Environment.CurrentDirectory);
    byte[] catalog = File.ReadAllBytes(Path.Combine(root, "models", "catalog.json"));
    IReadOnlyDictionary<string, byte[]> files = new PackBuilder(PackSources.Fetch(root), catalog).Build();
    Directory.CreateDirectory(folder);
    foreach ((string name, byte[] content) in files)
    {
        File.WriteAllBytes(Path.Combine(folder, name), content);
        Console.WriteLine($"{ModelFile.Hash(content)}  {name}  {content.Length}");
    }

    return 0;
}
catch (Exception failure)
    when (failure is IOException or InvalidDataException or InvalidOperationException or NotSupportedException)
{
    Console.Error.WriteLine($"ModelPack: {failure.Message}");
    return 1;
}
