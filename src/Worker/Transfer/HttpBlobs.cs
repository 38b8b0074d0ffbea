using System.Net;
using System.Net.Http.Headers;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Worker.Transfer;

/// <summary>
/// Blobs behind signed addresses. The address is all that a worker has: it knows no key, follows no redirect, and goes to no other
/// origin than those that it was told of.
/// </summary>
public sealed class HttpBlobs : IDisposable
{
    private const int Tries = 6;

    /// <summary>Of Azure's protocol; chooses the limits of a single upload (5,000 MiB).</summary>
    private const string ServiceVersion = "2023-01-03";

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _origins;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    public HttpBlobs(WorkerOptions options, TimeProvider clock)
    {
        _origins = [.. options.BlobOrigins.Select(origin => new Uri(origin).GetLeftPart(UriPartial.Authority))];
        _clock = clock;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // Names are looked up again now and then.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Whether it is an address of this kind at all.</summary>
    public static bool Takes(BlobUrl url) => url.Value?.StartsWith("http", StringComparison.OrdinalIgnoreCase) ?? false;

    public void Dispose() => _http.Dispose();

    /// <summary>Fetches a blob. What is in the file already is taken for its beginning; after a cut the rest is fetched.</summary>
    /// <exception cref="StorageException"><c>url-refused</c>, <c>blob-missing</c>, <c>url-expired</c>, <c>store-unreachable</c>.</exception>
    /// <exception cref="BlobStoreException">The local disk is full.</exception>
    public async Task DownloadAsync(BlobUrl url, string path, CancellationToken stop)
    {
        Uri address = Check(url);
        await using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        file.Position = file.Length;
        EntityTagHeaderValue? version = null;
        for (int failures = 0; ; )
        {
            long before = file.Position;
            Exception? cause = null;
            try
            {
                using HttpRequestMessage request = new(HttpMethod.Get, address);
                if (before > 0)
                {
                    request.Headers.Range = new RangeHeaderValue(before, null);
                }

                if (version is not null)
                {
                    request.Headers.IfMatch.Add(version);
                }

                using HttpResponseMessage answer = await SendAsync(request, LongestSilence, stop);
                if (
                    answer.StatusCode
                    is HttpStatusCode.RequestedRangeNotSatisfiable
                        or HttpStatusCode.PreconditionFailed
                )
                {
                    if (answer.Content.Headers.ContentRange?.Length == before)
                    {
                        return;
                    }

                    // Not the beginning of this blob: everything anew, once more.
                    (version, file.Position) = (null, 0);
                    file.SetLength(0);
                }
                else if (answer.IsSuccessStatusCode)
                {
                    version = answer.Headers.ETag;
                    if (await CopyAsync(answer, file, stop))
                    {
                        return;
                    }
                }
                else if (!TransferFaults.IsPassing(answer.StatusCode))
                {
                    throw TransferFaults.Of(answer.StatusCode, url);
                }
            }
            catch (Exception e) when (TransferFaults.IsPassing(e, stop))
            {
                cause = e;
            }

            failures = file.Position > before ? 1 : failures + 1;
            await PauseAsync(failures, url, cause, stop);
        }
    }

    /// <summary>
    /// Creates a blob from a local file in one request, which is all that a create-only address allows. False: the name was taken
    /// before the first byte was sent.
    /// </summary>
    /// <exception cref="StorageException">As above, and <c>upload-uncertain</c>.</exception>
    public async Task<bool> TryPutAsync(string localPath, BlobUrl url, CancellationToken stop)
    {
        Uri address = Check(url);
        for (int failures = 1; ; failures++)
        {
            Exception? cause = null;
            try
            {
                await using FileStream file = new(localPath, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
                using HttpRequestMessage request = new(HttpMethod.Put, address) { Content = new StreamContent(file) };
                request.Headers.Add("x-ms-version", ServiceVersion);
                request.Headers.Add("x-ms-blob-type", "BlockBlob");
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
                request.Headers.ExpectContinue = true;
                // Slower than 256 KiB/s is no line to work over.
                TimeSpan longest = LongestSilence + TimeSpan.FromSeconds(file.Length >> 18);
                using HttpResponseMessage answer = await SendAsync(request, longest, stop);
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }

                if (IsTaken(answer))
                {
                    // A create-only address cannot look at what is there. Only if nothing was sent before is it surely not ours.
                    return failures == 1 ? false : throw TransferFaults.Uncertain(url);
                }

                if (!TransferFaults.IsPassing(answer.StatusCode))
                {
                    throw TransferFaults.Of(answer.StatusCode, url);
                }
            }
            catch (Exception e) when (TransferFaults.IsPassing(e, stop))
            {
                cause = e;
            }

            await PauseAsync(failures, url, cause, stop);
        }
    }

    /// <summary>
    /// The condition was not met (409, 412), or, judged before the condition, the permission to create does not allow to overwrite
    /// what is there (403).
    /// </summary>
    private static bool IsTaken(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed
        || (
            answer.StatusCode == HttpStatusCode.Forbidden
            && answer.Headers.TryGetValues("x-ms-error-code", out IEnumerable<string>? codes)
            && codes.Any(code => code is "UnauthorizedBlobOverwrite" or "AuthorizationPermissionMismatch")
        );

    /// <summary>True: the blob is there to its last byte.</summary>
    private static async Task<bool> CopyAsync(HttpResponseMessage answer, FileStream file, CancellationToken stop)
    {
        if (answer.StatusCode != HttpStatusCode.PartialContent)
        {
            file.Position = 0;
            file.SetLength(0);
        }

        long? total = answer.Content.Headers.ContentRange?.Length ?? answer.Content.Headers.ContentLength;
        await using Stream content = await answer.Content.ReadAsStreamAsync(stop);
        byte[] buffer = new byte[1 << 17];
        using CancellationTokenSource silent = CancellationTokenSource.CreateLinkedTokenSource(stop);
        while (true)
        {
            silent.CancelAfter(LongestSilence);
            int read = await content.ReadAsync(buffer, silent.Token);
            if (read == 0)
            {
                return total is null || file.Position == total;
            }

            try
            {
                await file.WriteAsync(buffer.AsMemory(0, read), stop);
            }
            catch (IOException e)
            {
                throw BlobStoreException.Of(e, "the worker's scratch folder");
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        TimeSpan longest,
        CancellationToken stop
    )
    {
        using CancellationTokenSource silent = CancellationTokenSource.CreateLinkedTokenSource(stop);
        silent.CancelAfter(longest);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silent.Token);
    }

    /// <summary>0.2 s after the first failure in a row, then twice as long each time, and up to half as long again by chance.</summary>
    private Task PauseAsync(int failures, BlobUrl url, Exception? cause, CancellationToken stop)
    {
        if (failures >= Tries)
        {
            throw TransferFaults.Unreachable(url, cause);
        }

        double seconds = 0.1 * (1 << failures) * (1 + (Random.Shared.NextDouble() / 2));
        return Task.Delay(TimeSpan.FromSeconds(seconds), _clock, stop);
    }

    private Uri Check(BlobUrl url) =>
        Uri.TryCreate(url.Value, UriKind.Absolute, out Uri? address)
        && address.Scheme is "http" or "https"
        && address.UserInfo.Length == 0
        && _origins.Contains(address.GetLeftPart(UriPartial.Authority))
            ? address
            : throw TransferFaults.Refused();
}
