using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Coordinator.Models;
using FaceFusion.Batch.Coordinator.Tests.Support;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Disk;
using FaceFusion.Batch.TestKit;

namespace FaceFusion.Batch.Coordinator.Tests.Models;

public sealed class ModelBlobsTests : IDisposable
{
    private static readonly string Sha = new('a', 64);

    private readonly TemporaryFolder _folder = new();
    private readonly DiskBlobStore _store;
    private readonly ModelBlobs _models;

    public ModelBlobsTests()
    {
        _store = new DiskBlobStore(_folder.PathOf("work"));
        _models = new ModelBlobs(_store, ModelShelf.Open(Path.Combine(Footage.SolutionFolder(), "models")));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_ARecipeWithModels_AreThoseOfThemThatTheStoreHas()
    {
        await StoreAsync("inswapper_128", Sha);
        await StoreAsync("arcface", new string('c', 64));
        await StoreAsync("arcface", new string('b', 64));
        await StoreAsync("yunet", Sha);

        // It needs arcface; xseg_1 is nowhere, and yunet is not asked for.
        IReadOnlyList<ModelBlob> found = await OfAsync(
            new SwapStep
            {
                Model = "inswapper_128",
                Mask = new MaskSettings { Types = [MaskType.Box, MaskType.Occlusion] },
            }
        );

        Assert.Equal(
            [("inswapper_128", Sha), ("arcface", new string('b', 64))],
            found.Select(model => (model.Id, model.Sha256))
        );
        Assert.All(
            found,
            model => Assert.Equal(_store.GetReadUrl(BlobNames.Model(model.Id, model.Sha256)), model.Url.Value)
        );
    }

    /// <summary>A recipe comes from outside: what it calls a model is no name of a blob until the catalogue knows it.</summary>
    [Theory]
    [InlineData("mesh")]
    [InlineData("../photos")]
    [InlineData("No Such Model")]
    public async Task Of_ARecipeWithoutModels_AreNone(string model)
    {
        await StoreAsync("inswapper_128", Sha);

        Assert.Empty(await OfAsync(new SwapStep { Model = model }));
    }

    private Task<IReadOnlyList<ModelBlob>> OfAsync(SwapStep swap) =>
        _models.OfAsync(new Recipe { Processors = [swap] }, CancellationToken.None);

    private async Task StoreAsync(string id, string sha256)
    {
        using MemoryStream content = new([1]);
        Assert.True(await _store.PutAsync(BlobNames.Model(id, sha256), content, CancellationToken.None));
    }
}
