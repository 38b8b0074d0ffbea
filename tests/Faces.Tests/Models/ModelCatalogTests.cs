using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Faces.Models;
using Xunit;

namespace FaceFusion.Batch.Faces.Tests.Models;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("models-");

    public ModelCatalogTests()
    {
        foreach (string file in Directory.GetFiles(TestModels.Folder))
        {
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_BuiltInPack_KnowsTheHashOfEveryFileItUses()
    {
        Assert.Equal(
            ["canonical-mesh", "detector-full-range", "face-mesh-attention", "mobilefacenet"],
            TestModels.BuiltIn.Hashes.Keys.Order()
        );
        Assert.All(TestModels.BuiltIn.Hashes.Values, hash => Assert.Equal(64, hash.Length));
    }

    [Theory]
    [InlineData("detector-full-range.onnx")]
    [InlineData("face-mesh-attention.onnx")]
    [InlineData("mobilefacenet.onnx")]
    [InlineData("canonical-mesh.json")]
    public void Load_OneBitFlipped_IsRefusedByName(string file)
    {
        string path = Path.Combine(_folder.FullName, file);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        ModelException e = Assert.Throws<ModelException>(() => FaceModels.Load(_folder.FullName));

        Assert.Equal("model-hash", e.Code);
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
        Assert.Contains("expects", e.Message, StringComparison.Ordinal);
        Assert.False(e.IsTransient);
    }

    [Theory]
    [InlineData("mobilefacenet.onnx")]
    [InlineData("catalog.json")]
    public void Load_FileGone_SaysWhich(string file)
    {
        File.Delete(Path.Combine(_folder.FullName, file));

        ModelException e = Assert.Throws<ModelException>(() => FaceModels.Load(_folder.FullName));

        Assert.Equal("model-missing", e.Code);
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("{}")]
    public void Load_CatalogueUnreadable_SaysSo(string json)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "catalog.json"), json);

        Assert.Equal("model-catalog", Assert.Throws<ModelException>(() => FaceModels.Load(_folder.FullName)).Code);
    }
}
