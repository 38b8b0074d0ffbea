using System.Text;
using System.Text.Json.Nodes;
using FaceFusion.Batch.ModelPack.Building;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.ModelPack.Tests.Building;

/// <summary>The committed pack is what the tool makes.</summary>
[Collection(PackCollection.Name)]
public sealed class RebuildTests(PackFixture pack)
{
    [Fact]
    public void Build_Again_GivesTheCommittedBytes()
    {
        foreach ((string name, byte[] content) in new PackBuilder(pack.Sources, Committed("catalog.json")).Build())
        {
            Assert.True(Committed(name).AsSpan().SequenceEqual(content), $"{name} differs from the committed file.");
        }
    }

    [Fact]
    public void Build_OnACatalogueOfOthers_PutsThePackFirstAndKeepsTheirRows()
    {
        byte[] others =
            """
            {"schemaVersion": 1, "models": [
              {"id": "mesh", "role": "stale"},
              {"id": "theirs", "role": "fuser", "urls": ["https://example.org/é.onnx"], "input": {"mean": 123.675}, "more": [1.50]}
            ]}
            """u8.ToArray();

        byte[] built = new PackBuilder(pack.Sources, others).Build()["catalog.json"];

        string text = Encoding.UTF8.GetString(built);
        Assert.Equal(
            ["detector-full-range", "face-mesh-attention", "mobilefacenet", "canonical-mesh", "mesh", "theirs"],
            JsonNode.Parse(built)!["models"]!.AsArray().Select(row => $"{row!["id"]}")
        );
        Assert.DoesNotContain("stale", text, StringComparison.Ordinal);
        Assert.Contains("https://example.org/é.onnx", text, StringComparison.Ordinal);
        Assert.Contains("1.50", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_Twice_GivesTheSameBytes() =>
        Assert.Equal(
            PackBuilder.BuildFaceMesh(pack.Sources.FaceMesh.Content),
            PackBuilder.BuildFaceMesh(pack.Sources.FaceMesh.Content)
        );

    private static byte[] Committed(string name) =>
        File.ReadAllBytes(Path.Combine(Footage.SolutionFolder(), "models", name));

    [Fact]
    public void Originals_AreThoseOfTheCards() =>
        Assert.Equal(
            [
                "99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3",
                "883b7411747bac657c30c462d305d312e9dec6adbf8b85e2f5d8d722fca9455d",
                "d8ba40c0127fb8ca9917e8fddc79bbbda063657bc92a496d34da0bc8a760443b",
            ],
            [
                pack.Sources.Detector.Origin.Sha256,
                pack.Sources.FaceMesh.Origin.Sha256,
                pack.Sources.Embedding.Origin.Sha256,
            ]
        );
}
