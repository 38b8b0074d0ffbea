using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace FaceFusion.Batch.Storage.Azure;

/// <summary>
/// Blobs in one container of Azure Blob Storage. Creating is conditional on the server (<c>If-None-Match: *</c>), so a name has
/// one writer among all processes; a blob in blocks is nowhere to be seen until its last block is committed.
/// </summary>
public sealed class AzureBlobStore : IBlobStore
{
    /// <summary>Bytes of a block, and of what is read ahead; one block is in memory at a time. 50,000 of them make 390 GiB.</summary>
    private const int BlockBytes = 8 << 20;

    private static readonly BlobRequestConditions CreateOnly = new() { IfNoneMatch = ETag.All };

    private readonly BlobContainerClient _container;
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _clock;
    private readonly SasProtocol _protocol;

    /// <exception cref="BlobStoreException"><c>store-refused</c>: the connection string has no account key to sign with, or is none.</exception>
    public AzureBlobStore(AzureStoreOptions options, TimeProvider clock)
    {
        try
        {
            _container = new BlobContainerClient(options.ConnectionString, options.Container, ClientOptions());
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // What is wrong with it may quote it.
            throw Unsigned();
        }

        if (!_container.CanGenerateSasUri)
        {
            throw Unsigned();
        }

        _lifetime = TimeSpan.FromMinutes(options.AddressMinutes);
        _clock = clock;
        // Only an emulator is reached without TLS.
        _protocol = _container.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp;
    }

    /// <summary>Scheme, host and port of every address that this store gives out.</summary>
    public string Origin => _container.Uri.GetLeftPart(UriPartial.Authority);

    public Task PrepareAsync(CancellationToken cancellationToken) =>
        CallAsync(
            $"the container {_container.Name}",
            () => _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken)
        );

    public async Task<long?> FindLengthAsync(BlobName name, CancellationToken cancellationToken)
    {
        try
        {
            return (await Blob(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength;
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode != BlobErrorCode.ContainerNotFound)
        {
            return null;
        }
        catch (Exception e) when (AzureFaults.Is(e))
        {
            throw AzureFaults.Of(e, PlaceOf(name));
        }
    }

    public Task<Stream> OpenReadAsync(BlobName name, CancellationToken cancellationToken) =>
        CallAsync<Stream>(
            PlaceOf(name),
            async () =>
                new AzureReadStream(
                    await Blob(name)
                        .OpenReadAsync(new BlobOpenReadOptions(false) { BufferSize = BlockBytes }, cancellationToken),
                    PlaceOf(name)
                )
        );

    public async Task<bool> PutAsync(BlobName name, Stream content, CancellationToken cancellationToken)
    {
        try
        {
            await UploadAsync(_container.GetBlockBlobClient(name.Value), content, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412 && e.ErrorCode != "ContainerBeingDeleted")
        {
            return false;
        }
        catch (Exception e) when (AzureFaults.Is(e))
        {
            throw AzureFaults.Of(e, PlaceOf(name));
        }
        catch (IOException e)
        {
            throw BlobStoreException.Of(e, $"what was to become {PlaceOf(name)}");
        }
    }

    public async Task<bool> PutFileAsync(BlobName name, string localPath, CancellationToken cancellationToken)
    {
        await using FileStream file = new(localPath, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return await PutAsync(name, file, cancellationToken);
    }

    /// <summary>Names of one prefix are gathered before the first is given out: accounts with folders list in another order.</summary>
    public async IAsyncEnumerable<BlobName> ListAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        List<string> names = await CallAsync(
            $"the list of {prefix}",
            async () =>
            {
                List<string> found = [];
                await foreach (
                    BlobItem item in _container.GetBlobsAsync(prefix: prefix, cancellationToken: cancellationToken)
                )
                {
                    found.Add(item.Name);
                }

                return found;
            }
        );
        foreach (string found in names.Order(StringComparer.Ordinal))
        {
            if (BlobName.TryParse(found, out BlobName name))
            {
                yield return name;
            }
        }
    }

    public Task DeleteAsync(BlobName name, CancellationToken cancellationToken) =>
        CallAsync(PlaceOf(name), () => Blob(name).DeleteIfExistsAsync(cancellationToken: cancellationToken));

    public string GetReadUrl(BlobName name) => Sign(name, BlobSasPermissions.Read);

    /// <summary>
    /// The permission <c>c</c> alone. It allows Put Blob (one request, up to 5,000 MiB) where nothing is yet; Put Block and
    /// Put Block List ask for <c>w</c>, which would allow to overwrite.
    /// </summary>
    public string GetCreateUrl(BlobName name) => Sign(name, BlobSasPermissions.Create);

    public string? GetDownloadUrl(BlobName name, string contentType, string contentDisposition, TimeSpan lifetime) =>
        Sign(
            name,
            new BlobSasBuilder(BlobSasPermissions.Read, _clock.GetUtcNow() + lifetime)
            {
                ContentType = contentType,
                ContentDisposition = contentDisposition,
            }
        );

    public string? FindLocalPath(BlobName name) => null;

    private static BlobClientOptions ClientOptions() =>
        new()
        {
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = 4,
                Delay = TimeSpan.FromSeconds(0.4),
                MaxDelay = TimeSpan.FromSeconds(8),
                NetworkTimeout = TimeSpan.FromSeconds(60),
            },
            // Not even redacted addresses go to a log, and nothing is traced but by us.
            Diagnostics = { IsLoggingEnabled = false, IsTelemetryEnabled = false },
        };

    private static BlobStoreException Unsigned() =>
        new(
            "store-refused",
            "The connection string of Azure Blob Storage cannot be used: it must name an account and its key.",
            isTransient: false
        );

    private static string PlaceOf(BlobName name) => $"the blob {name}";

    private static async Task<T> CallAsync<T>(string place, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (AzureFaults.Is(e))
        {
            throw AzureFaults.Of(e, place);
        }
    }

    /// <summary>
    /// In one request if it fits into one block. Otherwise in blocks with ids of this writer's own: blocks of two writers with one id
    /// would take each other's place.
    /// </summary>
    private static async Task UploadAsync(BlockBlobClient blob, Stream content, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            int length = await ReadBlockAsync(content, buffer, cancellationToken);
            if (length < BlockBytes)
            {
                using MemoryStream whole = new(buffer, 0, length, writable: false);
                BlobUploadOptions options = new() { Conditions = CreateOnly };
                _ = await blob.UploadAsync(whole, options, cancellationToken);
                return;
            }

            var writer = Guid.NewGuid();
            List<string> ids = [];
            for (; length > 0; length = await ReadBlockAsync(content, buffer, cancellationToken))
            {
                using MemoryStream block = new(buffer, 0, length, writable: false);
                string id = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{writer:N}{ids.Count:D6}"));
                _ = await blob.StageBlockAsync(id, block, cancellationToken: cancellationToken);
                ids.Add(id);
            }

            CommitBlockListOptions commit = new() { Conditions = CreateOnly };
            _ = await blob.CommitBlockListAsync(ids, commit, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<int> ReadBlockAsync(Stream content, byte[] buffer, CancellationToken cancellationToken) =>
        await content.ReadAtLeastAsync(
            buffer.AsMemory(0, BlockBytes),
            BlockBytes,
            throwOnEndOfStream: false,
            cancellationToken
        );

    private BlobClient Blob(BlobName name) => _container.GetBlobClient(name.Value);

    private string Sign(BlobName name, BlobSasPermissions permission) =>
        Sign(name, new BlobSasBuilder(permission, _clock.GetUtcNow() + _lifetime));

    private string Sign(BlobName name, BlobSasBuilder address)
    {
        address.BlobContainerName = _container.Name;
        address.BlobName = name.Value;
        address.Resource = "b";
        address.Protocol = _protocol;
        return Blob(name).GenerateSasUri(address).AbsoluteUri;
    }
}
