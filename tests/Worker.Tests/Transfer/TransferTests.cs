using System.Security.Cryptography;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Storage;
using FaceFusion.Batch.Storage.Azure;
using FaceFusion.Batch.TestKit.Services;
using FaceFusion.Batch.Worker.Transfer;
using Xunit;

namespace FaceFusion.Batch.Worker.Tests.Transfer;

/// <summary>A worker and a real store, with nothing but addresses between them, over a line that may break.</summary>
public sealed class TransferTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ffb-transfer-").FullName;
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(3_000_000);
    private AzureBlobStore _store = null!;
    private FaultyLine _line = null!;
    private WorkerOptions _options = null!;
    private HttpBlobs _http = null!;

    private string Sha => Convert.ToHexStringLower(SHA256.HashData(_content));

    public async ValueTask InitializeAsync()
    {
        AzureStoreOptions azure = new()
        {
            ConnectionString = await RealServices.AzureStorageAsync(),
            Container = $"t{Guid.NewGuid():N}",
        };
        _store = new AzureBlobStore(azure, TimeProvider.System);
        await _store.PrepareAsync(CancellationToken.None);
        _line = new FaultyLine(new Uri(_store.Origin));
        _options = new WorkerOptions
        {
            ScratchFolder = _folder,
            ModelsFolder = _folder,
            BlobOrigins = [new Uri(_line.Over(_store.Origin)).GetLeftPart(UriPartial.Authority)],
            TargetCacheGigabytes = 0.004,
        };
        _http = new HttpBlobs(_options, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        _line.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Download_OverALineThatBreaks_GoesOnWhereItWasCut()
    {
        BlobUrl url = await StoreAsync("a", _content);
        (_line.Cuts, _line.CutAfter) = (3, 800_000);
        string path = Path.Combine(_folder, "a");

        await _http.DownloadAsync(url, path, CancellationToken.None);

        Assert.Equal(_content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(4, _line.Connections);
        Assert.InRange(_line.Passed, _content.Length, _content.Length + 10_000);
    }

    [Fact]
    public async Task Download_OfWhatIsNotThereOrHasRunOut_SaysSoWithoutTheSignature()
    {
        BlobUrl missing = new(_line.Over(_store.GetReadUrl(BlobName.Parse("nothing"))));
        BlobUrl forged = new((await StoreAsync("a", [1])).Value.Replace("sig=", "sig=A"));

        StorageException gone = await FailAsync(missing);
        StorageException expired = await FailAsync(forged);

        Assert.Equal(("blob-missing", "url-expired"), (gone.Code, expired.Code));
        Assert.DoesNotContain("sig=", gone.ToString() + expired);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("https://127.0.0.1/a")]
    [InlineData("http://user@{origin}/a")]
    [InlineData("http://{origin}.example.org/a")]
    [InlineData("http://")]
    public async Task Url_OfAnotherOrigin_IsRefusedBeforeAnythingIsSent(string url)
    {
        string origin = new Uri(_options.BlobOrigins[0]).Authority;

        StorageException refused = await FailAsync(new BlobUrl(url.Replace("{origin}", origin)));

        Assert.Equal("url-refused", refused.Code);
        Assert.Equal(0, _line.Connections);
    }

    [Fact]
    public async Task Put_Once_StoresIt_AndTheNameIsTakenForTheNext()
    {
        string file = Path.Combine(_folder, "file");
        await File.WriteAllBytesAsync(file, _content, TestContext.Current.CancellationToken);
        BlobName name = BlobName.Parse("jobs/1/x");
        BlobUrl url = new(_line.Over(_store.GetCreateUrl(name)));

        Assert.True(await _http.TryPutAsync(file, url, CancellationToken.None));
        Assert.False(await _http.TryPutAsync(file, url, CancellationToken.None));

        Assert.Equal(_content.Length, await _store.FindLengthAsync(name, CancellationToken.None));
    }

    [Fact]
    public async Task Put_WhoseAnswerIsLost_IsUncertain()
    {
        string file = Path.Combine(_folder, "file");
        await File.WriteAllBytesAsync(file, [1, 2, 3], TestContext.Current.CancellationToken);
        BlobUrl url = new(_line.Over(_store.GetCreateUrl(BlobName.Parse("jobs/1/x"))));
        // "100 Continue" passes; of the answer not all does.
        (_line.Cuts, _line.CutAfter) = (1, 60);

        StorageException uncertain = await Assert.ThrowsAsync<StorageException>(() =>
            _http.TryPutAsync(file, url, CancellationToken.None)
        );

        Assert.Equal(("upload-uncertain", true), (uncertain.Code, uncertain.IsTransient));
        Assert.DoesNotContain("sig=", uncertain.ToString());
    }

    [Fact]
    public async Task Target_ForManySlots_IsFetchedOnce()
    {
        TargetCache cache = new(_options, _http);
        BlobUrl url = await StoreAsync("target", _content);

        TargetFile[] taken = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => cache.TakeAsync(url, Sha, CancellationToken.None))
        );

        Assert.Equal(1, _line.Connections);
        _ = Assert.Single(taken.Select(t => t.Path).Distinct());
        Assert.Equal(_content, await File.ReadAllBytesAsync(taken[0].Path, TestContext.Current.CancellationToken));
        Array.ForEach(taken, t => t.Dispose());
    }

    [Fact]
    public async Task Target_WithOtherBytes_IsRefusedAndNotKept()
    {
        TargetCache cache = new(_options, _http);
        BlobUrl url = await StoreAsync("target", _content[1..]);

        StorageException changed = await Assert.ThrowsAsync<StorageException>(() =>
            cache.TakeAsync(url, Sha, CancellationToken.None)
        );

        Assert.Equal("target-changed", changed.Code);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "targets")));
    }

    [Fact]
    public async Task Targets_MoreThanTheLimit_TheOneLongestOutOfUseGoes()
    {
        TargetCache cache = new(_options, _http);
        byte[] other = RandomNumberGenerator.GetBytes(3_000_000);
        string otherSha = Convert.ToHexStringLower(SHA256.HashData(other));
        using TargetFile first = await cache.TakeAsync(await StoreAsync("a", _content), Sha, CancellationToken.None);

        TargetFile second = await cache.TakeAsync(await StoreAsync("b", other), otherSha, CancellationToken.None);
        // Together they pass the limit, but both are in use.
        Assert.True(File.Exists(first.Path) && File.Exists(second.Path));
        second.Dispose();

        Assert.True(File.Exists(first.Path));
        Assert.False(File.Exists(second.Path));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    public async Task Target_WhoseHashIsNone_IsRefused(string sha256)
    {
        TargetCache cache = new(_options, _http);
        BlobUrl url = await StoreAsync("a", [1]);

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() =>
            cache.TakeAsync(url, sha256, CancellationToken.None)
        );

        Assert.Equal("url-refused", refused.Code);
    }

    private Task<StorageException> FailAsync(BlobUrl url) =>
        Assert.ThrowsAsync<StorageException>(() =>
            _http.DownloadAsync(url, Path.Combine(_folder, "x"), CancellationToken.None)
        );

    private async Task<BlobUrl> StoreAsync(string name, byte[] content)
    {
        BlobName blob = BlobName.Parse(name);
        _ = await _store.PutAsync(blob, new MemoryStream(content), CancellationToken.None);
        return new BlobUrl(_line.Over(_store.GetReadUrl(blob)));
    }
}
