namespace FaceFusion.Batch.Storage;

/// <summary>
/// A store could not read or write. <see cref="Code"/> is kebab-case, the message says what to do;
/// the processes turn it into the storage fault of their messages.
/// </summary>
public sealed class BlobStoreException(string code, string message, bool isTransient, Exception? inner = null)
    : IOException(message, inner)
{
    // errno of Linux and macOS (ENOSPC, EDQUOT) and the Windows HRESULTs of the same meaning.
    private static readonly int[] FullDisk = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    public string Code { get; } = code;

    public bool IsTransient { get; } = isTransient;

    /// <summary>The fault behind an I/O exception met on <paramref name="place"/> (a folder or file name for the reader).</summary>
    public static BlobStoreException Of(Exception e, string place) =>
        e switch
        {
            BlobStoreException known => known,
            _ when FullDisk.Contains(e.HResult) || IsTooLarge(e) => new(
                "disk-full",
                $"The disk that holds {place} is full. Free some space, or choose another folder with --work.",
                isTransient: false,
                e
            ),
            UnauthorizedAccessException => new(
                "store-not-writable",
                $"{place} may not be read or written. Check its owner and permissions, or choose another folder with --work.",
                isTransient: false,
                e
            ),
            FileNotFoundException or DirectoryNotFoundException => new(
                "blob-missing",
                $"{place} is not there any more. Run the job again so that it is made anew.",
                isTransient: false,
                e
            ),
            _ => new("store-fault", $"{place} could not be read or written: {e.Message}", isTransient: true, e),
        };

    /// <summary>It comes from reading or writing files, so <see cref="Of"/> has words for it.</summary>
    public static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException || IsTooLarge(e);

    /// <summary>A write past the limit on a file's size (EFBIG), for which .NET has no I/O exception.</summary>
    private static bool IsTooLarge(Exception e) =>
        e is ArgumentOutOfRangeException { TargetSite.DeclaringType.FullName: "System.IO.RandomAccess" };
}
