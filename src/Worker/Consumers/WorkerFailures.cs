using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Values;
using FaceFusion.Batch.Storage;

namespace FaceFusion.Batch.Worker.Consumers;

/// <summary>What the work threw, as it is told to the Coordinator.</summary>
public static class WorkerFailures
{
    /// <summary>The process stops before the work is done; counts against nobody.</summary>
    public static Failure Stopped { get; } =
        new(FailureKind.Cancelled, "worker-stopped", "The worker stopped before it was done.", true);

    /// <summary>The worker takes nothing at present; counts against nobody.</summary>
    public static Failure Drained { get; } =
        new(FailureKind.Cancelled, "worker-drained", "The worker is drained and takes nothing.", true);

    public static Failure Of(Exception e) =>
        e switch
        {
            FusionException known => Failure.Of(known),
            BlobStoreException store => new(FailureKind.StorageFault, store.Code, store.Message, store.IsTransient),
            _ when BlobStoreException.IsOfFiles(e) => Of(BlobStoreException.Of(e, "the worker's scratch folder")),
            _ => new(
                FailureKind.MediaToolFault,
                "unexpected",
                $"Something went wrong that should not have ({e.GetType().Name}: {e.Message}). Please report it.",
                true
            ),
        };
}
