using FaceFusion.Batch.Contracts.Errors;

namespace FaceFusion.Batch.Media.Tools;

/// <summary>From ffmpeg's own words to an error with a code and a sentence that says what to do.</summary>
internal static class ToolErrors
{
    /// <summary>Why a target could not be opened.</summary>
    public static FusionException Opening(string errors, bool startsLikeMp4)
    {
        if (Has(errors, "not on whitelist"))
        {
            return new InvalidVideoException(
                "video-not-allowed",
                "The target is a playlist, a script or another kind of file that is not accepted: give a video file (MP4, MOV, MKV, WebM, TS, MPEG or AVI)."
            );
        }

        if (Has(errors, "moov atom not found") && startsLikeMp4)
        {
            return new InvalidVideoException(
                "video-truncated",
                "The target is cut off before its index (moov): get a whole copy."
            );
        }

        if (SayTooLarge(errors))
        {
            return TooLarge();
        }

        return new InvalidVideoException(
            "video-not-readable",
            "The target is not a video that ffmpeg can read: give a video file (MP4, MOV, MKV, WebM, TS, MPEG or AVI)."
        );
    }

    /// <summary>True if the pixel limit stopped the program.</summary>
    public static bool SayTooLarge(string errors) => Has(errors, "Picture size") || Has(errors, "image dimensions");

    public static InvalidVideoException TooLarge() =>
        new("video-too-large", "The target's picture is larger than 7680 × 4320 pixels: scale it down first.");

    /// <summary>Why decoding of an accepted target failed.</summary>
    public static FusionException Decoding(string errors) =>
        Has(errors, "Picture size")
            ? TooLarge()
            : new MediaToolException(
                "decode-failed",
                $"ffmpeg could not decode the target: {Line(errors, first: false)}",
                isTransient: true
            );

    /// <summary>Why a file could not be written.</summary>
    public static FusionException Writing(string errors, string what) =>
        Has(errors, "No space left on device") || Has(errors, "Disk quota exceeded") || Has(errors, "File too large")
            ? new StorageException(
                "disk-full",
                $"The disk is full while {what}: free some space and run again.",
                isTransient: true
            )
            : new MediaToolException(
                $"encode-failed",
                $"ffmpeg failed while {what}: {Line(errors, first: true)}",
                isTransient: true
            );

    private static bool Has(string errors, string words) => errors.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The line that says why: of an encoder or container the first that tells an error, as the others are of what came of it; of a
    /// decoder, which goes on over damage, the last.
    /// </summary>
    private static string Line(string errors, bool first)
    {
        string[] lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        IEnumerable<string> told = lines.Where(l => Has(l, "error") || Has(l, "fatal"));
        string line =
            (first ? told.FirstOrDefault() : told.LastOrDefault()) ?? lines.LastOrDefault() ?? "no reason given";
        return new string([.. line.Where(c => !char.IsControl(c))]);
    }
}
