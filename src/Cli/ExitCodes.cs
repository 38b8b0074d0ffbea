using FaceFusion.Batch.Contracts.Errors;
using FaceFusion.Batch.Contracts.Licences;

namespace FaceFusion.Batch.Cli;

/// <summary>What <c>ffb</c> returns to the shell. The first five mean what they mean in FaceFusion, so that scripts move over.</summary>
internal enum ExitCode
{
    Ok = 0,
    Unexpected = 1,
    Precheck = 2,
    Declined = 3,
    Cancelled = 4,
    Unauthorized = 5,
    NotFound = 6,
    Conflict = 7,
    Quota = 8,
    Unavailable = 9,
    SomeFailed = 10,
    VerificationFailed = 11,
    Interrupted = 130,
}

/// <summary>The one table of exit codes, and which of them a failure leads to.</summary>
internal static class ExitCodes
{
    public static IReadOnlyList<(ExitCode Code, string Name, string Meaning)> Table { get; } =
    [
        (ExitCode.Ok, "ok", "done; the result is written and verified"),
        (ExitCode.Unexpected, "unexpected", "something failed that was accepted before; run again with --verbose"),
        (ExitCode.Precheck, "precheck", "an argument, a file or this machine must be put right; nothing was written"),
        (ExitCode.Declined, "declined", "a gate declined the job"),
        (ExitCode.Cancelled, "cancelled", "the job was stopped or cancelled; the same command continues it"),
        (ExitCode.Unauthorized, "unauthorized", "the API key is missing, or does not allow this"),
        (ExitCode.NotFound, "not-found", "a file that was named, or what an id stands for, does not exist"),
        (ExitCode.Conflict, "conflict", "its state does not allow this, or another run uses the same work folder"),
        (ExitCode.Quota, "quota", "the server takes no more of this for now"),
        (ExitCode.Unavailable, "unavailable", "the server, the database, the broker or the blob store did not answer"),
        (ExitCode.SomeFailed, "some-failed", "of several jobs, some did not succeed"),
        (
            ExitCode.VerificationFailed,
            "verification-failed",
            "the result was not frame-exact and was not published, or a replay differs"
        ),
        (ExitCode.Interrupted, "interrupted", "Ctrl-C; what is finished is kept, and a fleet's jobs go on"),
    ];

    public static ExitCode Of(FusionException failure) =>
        failure.Code switch
        {
            "video-missing" or "source-missing" or "recipe-missing" or "model-file-missing" => ExitCode.NotFound,
            "work-folder-busy" => ExitCode.Conflict,
            "database-unreachable" or "broker-unreachable" or "store-unreachable" => ExitCode.Unavailable,
            "parity-gate" => ExitCode.VerificationFailed,
            "job-declined" or LicenceVerdict.Code => ExitCode.Declined,
            "model-fetch" => ExitCode.Unavailable,
            _ when failure.Code.StartsWith("result-", StringComparison.Ordinal) => ExitCode.VerificationFailed,
            _ => failure.Kind switch
            {
                FailureKind.InvalidVideo or FailureKind.InvalidRecipe => ExitCode.Precheck,
                FailureKind.ModelFault or FailureKind.StorageFault => ExitCode.Precheck,
                FailureKind.MediaToolFault when failure.Code.StartsWith("ffmpeg-", StringComparison.Ordinal) =>
                    ExitCode.Precheck,
                FailureKind.Cancelled => ExitCode.Cancelled,
                _ => ExitCode.Unexpected,
            },
        };
}
