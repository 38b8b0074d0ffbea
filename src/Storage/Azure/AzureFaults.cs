using Azure;

namespace FaceFusion.Batch.Storage.Azure;

/// <summary>What Azure's client threw, as a fault of a store. Messages name the blob and Azure's error code, never an address.</summary>
internal static class AzureFaults
{
    /// <summary>The exceptions that <see cref="Of"/> can tell something about.</summary>
    public static bool Is(Exception e) => e is RequestFailedException or AggregateException;

    public static BlobStoreException Of(Exception e, string place) =>
        e switch
        {
            // One for each try; a try that was not answered in time has no status.
            AggregateException all => Of(
                all.InnerExceptions.OfType<RequestFailedException>().LastOrDefault()
                    ?? new RequestFailedException(0, "No answer in time.", all),
                place
            ),
            RequestFailedException { Status: 404, ErrorCode: not "ContainerNotFound" } => new BlobStoreException(
                "blob-missing",
                $"{place} is not there any more. Run the job again so that it is made anew.",
                isTransient: false,
                e
            ),
            RequestFailedException { Status: 401 or 403 } failed => new BlobStoreException(
                "store-refused",
                $"Azure Blob Storage refused {place} ({failed.ErrorCode}): check the account, its key and this machine's clock.",
                isTransient: false,
                e
            ),
            // 0: no answer at all. The client has tried several times before it throws.
            RequestFailedException { Status: 0 or 404 or 408 or 429 or >= 500 } failed => new BlobStoreException(
                "store-unreachable",
                $"Azure Blob Storage did not serve {place} ({failed.ErrorCode ?? "no answer"}): check that it is up and can be reached.",
                isTransient: true,
                e
            ),
            RequestFailedException failed => new BlobStoreException(
                "store-fault",
                $"Azure Blob Storage could not serve {place} ({failed.Status} {failed.ErrorCode}).",
                isTransient: false,
                e
            ),
            _ => throw new ArgumentException("Not a fault of the store.", nameof(e)),
        };
}
