using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Coordinator.Tracking;

/// <summary>What a stage threw, as it is told to the user.</summary>
public static class Failures
{
    public static Failure Of(Exception e) =>
        e switch
        {
            FusionException known => Failure.Of(known),
            BlobStoreException store => new(FailureKind.StorageFault, store.Code, store.Message, store.IsTransient),
            _ when BlobStoreException.IsOfFiles(e) => Of(BlobStoreException.Of(e, "a file of the job")),
            _ => new(
                FailureKind.MediaToolFault,
                "unexpected",
                $"Something went wrong that should not have ({e.GetType().Name}: {e.Message}). Please report it.",
                true
            ),
        };

    /// <summary>The same fault as one of the product's exceptions.</summary>
    public static FusionException ToException(BlobStoreException e) =>
        new StorageException(e.Code, e.Message, e.IsTransient, e);
}
