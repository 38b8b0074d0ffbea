using FaceFusion.Batch.Contracts.Errors;
using Microsoft.ML.OnnxRuntime;

namespace FaceFusion.Batch.Faces.Models;

/// <summary>What a failure of the runtime was. It has no codes for these: its words are those of releases 1.29 and 1.30.</summary>
internal static class RuntimeFailure
{
    public static bool IsOutOfMemory(Exception failure) =>
        failure is OutOfMemoryException
        || (failure is ModelException && failure.InnerException is { } inner && IsOutOfMemory(inner))
        || (
            failure is OnnxRuntimeException
            && (
                failure.Message.Contains("bad_alloc", StringComparison.Ordinal)
                || failure.Message.Contains("bad allocation", StringComparison.Ordinal)
                || failure.Message.Contains("Failed to allocate memory", StringComparison.Ordinal)
                || failure.Message.Contains("out of memory", StringComparison.Ordinal)
                || failure.Message.Contains("STATUS_ALLOC_FAILED", StringComparison.Ordinal)
            )
        );

    /// <summary>An output came out in another shape than it was bound for.</summary>
    public static bool IsOtherShape(OnnxRuntimeException failure) =>
        failure.Message.Contains("the computed output shape", StringComparison.Ordinal);
}
