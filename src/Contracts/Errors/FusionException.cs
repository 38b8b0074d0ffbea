namespace FaceFusion.Batch.Contracts.Errors;

/// <summary>The kinds of failure a user can meet; decides the exit code and the HTTP status.</summary>
public enum FailureKind
{
    InvalidVideo,
    InvalidRecipe,
    ModelFault,
    MediaToolFault,
    StorageFault,
    Cancelled,
}

/// <summary>
/// A failure with a stable <see cref="Code"/> (kebab-case), one sentence that says what to do, and whether a retry can help:
/// decided where it is thrown.
/// </summary>
public abstract class FusionException(
    FailureKind kind,
    string code,
    string message,
    bool isTransient,
    Exception? inner = null
) : Exception(message, inner)
{
    public FailureKind Kind { get; } = kind;

    public string Code { get; } = code;

    public bool IsTransient { get; } = isTransient;

    /// <summary>The failure again on the other side of a message.</summary>
    public static FusionException From(FailureKind kind, string code, string message, bool isTransient) =>
        kind switch
        {
            FailureKind.InvalidVideo => new InvalidVideoException(code, message),
            FailureKind.InvalidRecipe => new InvalidRecipeException(code, message),
            FailureKind.ModelFault => new ModelException(code, message, isTransient),
            FailureKind.MediaToolFault => new MediaToolException(code, message, isTransient),
            FailureKind.StorageFault => new StorageException(code, message, isTransient),
            _ => new JobCancelledException(message),
        };
}

/// <summary>The target or a source cannot be used; the user must change it.</summary>
public sealed class InvalidVideoException(string code, string message, Exception? inner = null)
    : FusionException(FailureKind.InvalidVideo, code, message, isTransient: false, inner);

/// <summary>The recipe or an argument is wrong; the user must change it.</summary>
public sealed class InvalidRecipeException(string code, string message)
    : FusionException(FailureKind.InvalidRecipe, code, message, isTransient: false)
{
    /// <summary>JSON pointer into the recipe, where one field is wrong.</summary>
    public string? Pointer { get; init; }
}

/// <summary>A model file is missing, changed or of the wrong shape, or inference failed.</summary>
public sealed class ModelException(string code, string message, bool isTransient = false, Exception? inner = null)
    : FusionException(FailureKind.ModelFault, code, message, isTransient, inner);

/// <summary>ffmpeg or ffprobe is missing, too old, or failed on something that was accepted before.</summary>
public sealed class MediaToolException(string code, string message, bool isTransient, Exception? inner = null)
    : FusionException(FailureKind.MediaToolFault, code, message, isTransient, inner);

/// <summary>Bytes could not be read or written: disk full, folder missing, store out of reach.</summary>
public sealed class StorageException(string code, string message, bool isTransient, Exception? inner = null)
    : FusionException(FailureKind.StorageFault, code, message, isTransient, inner);

/// <summary>The job was cancelled.</summary>
public sealed class JobCancelledException(string message)
    : FusionException(FailureKind.Cancelled, "cancelled", message, isTransient: false);
