using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Commands;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Events;
using FaceFusion.Batch.Contracts.Recipes;
using FaceFusion.Batch.Contracts.Reports;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Faces.Models;
using FaceFusion.Batch.Faces.Store;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Disk;
using FaceFusion.Batch.TestKit;
using FaceFusion.Batch.TestNetworks;
using FaceFusion.Batch.Worker.Tests.Consumers;
using FaceFusion.Batch.Worker.Tests.Pipeline;
using FaceFusion.Batch.Worker.Transfer;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Transfer;

/// <summary>A worker that has the built-in models alone, and a fleet's blob store that has the one which its job names.</summary>
public sealed class ModelTransferTests : IDisposable
{
    private const string Id = "gfpgan_1.4";
    private static readonly byte[] Network = EnhancingNetworks.Tint(512);

    private readonly string _folder = Directory.CreateTempSubdirectory("ffb-models-").FullName;
    private readonly NetworkFolder _builtIn = new();
    private readonly DiskBlobStore _blobs;
    private readonly WorkerOptions _options;
    private readonly ModelCatalog _catalog;
    private readonly ModelCard _card = EnhancingNetworks.Card(Id, 512) with
    {
        File = "gfpgan.onnx",
        Urls = ["https://example.org/gfpgan.onnx"],
    };

    public ModelTransferTests()
    {
        _builtIn.AddBuiltIn(Path.Combine(Footage.SolutionFolder(), "models"));
        _blobs = new DiskBlobStore(_folder);
        _options = new WorkerOptions
        {
            ScratchFolder = Path.Combine(_folder, "scratch"),
            ModelsFolder = _builtIn.Path,
            BlobFolder = _blobs.BlobFolder,
        };
        _catalog = new ModelCatalog(
            _builtIn.Path,
            [.. _builtIn.ToCatalog().Cards, _card],
            new ModelStore(Path.Combine(_folder, "store"))
        );
    }

    public void Dispose()
    {
        _builtIn.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Fetch_OfAModelThatIsNotHere_LetsTheJobBeDone()
    {
        ModelBlob model = await StoreAsync(Network);
        using FaceModels models = FaceModels.Load(_catalog);
        Recipe recipe = new()
        {
            Processors = [new EnhanceStep { Blend = 100 }],
            Encode = new EncodeSettings { Preset = "ultrafast" },
        };
        ModelException before = Assert.Throws<ModelException>(() =>
        {
            using JobBench refused = new(Clip.Talking, recipe, models);
        });

        await FetchAsync(model);
        // Whoever has it asks nobody.
        await FetchAsync(model with { Url = new BlobUrl("file:///nowhere") });

        using JobBench job = new(Clip.Talking, recipe, models);
        (_, ChunkReport report) = job.Run(0, new FrameRange(0, 3), "enhanced", []);
        Assert.Equal("model-missing", before.Code);
        Assert.All(report.FacesFused, fused => Assert.Equal(1, fused));
        Assert.Equal(model.Sha256, job.Scanned.Models[Id]);
    }

    [Fact]
    public async Task Fetch_OfOtherBytes_KeepsNothing()
    {
        ModelBlob model = await StoreAsync(Network);
        ModelBlob page = await StoreAsync("<html>no model</html>"u8.ToArray());
        ModelBlob stranger = await StoreAsync(EnhancingNetworks.Tint(256));

        ModelException changed = await RefusedAsync(model with { Sha256 = page.Sha256 });
        ModelException noModel = await RefusedAsync(page);
        ModelException otherFamily = await RefusedAsync(stranger);

        Assert.Equal(("model-hash", "model-format", "model-shape"), (changed.Code, noModel.Code, otherFamily.Code));
        Assert.False(_catalog.IsHere(_card));
        Assert.Null(_catalog.Store!.PinOf(_card));
    }

    [Fact]
    public async Task Fetch_OfAnAddressElsewhere_IsRefused()
    {
        ModelBlob model = await StoreAsync(Network);

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() =>
            FetchAsync(model with { Url = new BlobUrl("file:///etc/passwd") })
        );

        Assert.Equal("url-refused", refused.Code);
    }

    /// <summary>An order's models come first: what is wrong with them is the attempt's failure, and the work is not begun.</summary>
    [Fact]
    public async Task Consume_OfAnOrderWithModels_FetchesThemBeforeTheWork()
    {
        int begun = 0;
        await using WorkerBench bench = await WorkerBench.OpenAsync(
            (order, files, _, _) =>
            {
                _ = Interlocked.Increment(ref begun);
                return WorkerBench.Finish(order, files);
            }
        );
        FuseChunk order = await bench.OrderAsync();

        // This worker has not even a catalogue.
        await bench.SendAsync(order with { Models = [new ModelBlob(Id, new string('0', 64), order.ScanUrl)] });

        ChunkFailed failed = (await bench.Heard.WaitAsync<ChunkFailed>())[0];
        Assert.Equal("model-missing", failed.Failure.Code);
        Assert.Equal(0, begun);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<ModelBlob> StoreAsync(byte[] file)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
        BlobName name = BlobNames.Model(Id, sha256);
        using MemoryStream content = new(file);
        Assert.True(await _blobs.PutAsync(name, content, Stop));
        return new ModelBlob(Id, sha256, new BlobUrl(_blobs.GetReadUrl(name)));
    }

    private async Task FetchAsync(ModelBlob model)
    {
        using HttpBlobs http = new(_options, TimeProvider.System);
        using ScratchFolder folder = new(_options);
        using ModelTransfer transfer = new(
            new BlobTransfer(_options, http, new TargetCache(_options, http)),
            new Lazy<ModelCatalog>(_catalog)
        );
        await transfer.FetchAsync([model], folder, Stop);
    }

    private Task<ModelException> RefusedAsync(ModelBlob model) =>
        Assert.ThrowsAsync<ModelException>(() => FetchAsync(model));
}
