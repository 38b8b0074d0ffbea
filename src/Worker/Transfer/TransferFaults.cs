using System.Net;
using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Worker.Transfer;

/// <summary>What can go wrong between a worker and the store. No message holds an address with its signature.</summary>
internal static class TransferFaults
{
    /// <summary>Whether the same request may succeed a little later.</summary>
    public static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;

    /// <summary>The line or the other end failed, or was silent for too long.</summary>
    public static bool IsPassing(Exception e, CancellationToken stop) =>
        e is HttpRequestException
        || (e is IOException and not BlobStoreException)
        || (e is OperationCanceledException && !stop.IsCancellationRequested);

    public static StorageException Refused() =>
        new(
            "url-refused",
            "An order names a blob outside this worker's store: check that Coordinator and workers use the same one.",
            isTransient: false
        );

    public static StorageException Of(HttpStatusCode status, BlobUrl url) =>
        status switch
        {
            HttpStatusCode.NotFound => new StorageException(
                "blob-missing",
                $"{NameOf(url)} is not in the store: run the job again so that it is made anew.",
                isTransient: true
            ),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new StorageException(
                "url-expired",
                $"The store refused the address of {NameOf(url)}: it has run out, or the clocks differ. The next attempt has a new one.",
                isTransient: true
            ),
            _ => new StorageException(
                "store-fault",
                $"The store answered {(int)status} for {NameOf(url)}.",
                isTransient: true
            ),
        };

    public static StorageException Unreachable(BlobUrl url, Exception? cause) =>
        new(
            "store-unreachable",
            $"The store did not serve {NameOf(url)}, however often it was asked: check that it is up and can be reached.",
            isTransient: true,
            cause
        );

    public static StorageException Uncertain(BlobUrl url) =>
        new(
            "upload-uncertain",
            $"The line broke while {NameOf(url)} was stored, and now its name is taken: perhaps by this upload, perhaps not. The next attempt has a new name.",
            isTransient: true
        );

    private static string NameOf(BlobUrl url)
    {
        string address = url.ToString();
        return address[(address.LastIndexOf('/') + 1)..];
    }
}
